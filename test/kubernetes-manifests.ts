import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { parseAllDocuments } from 'yaml';

export const MANIFESTS = join(dirname(import.meta.dirname), 'deploy/kubernetes');

/** What the tests read of a container. */
export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: Partial<Record<string, { name: string; key: string }>> }[];
  envFrom?: Partial<Record<string, { name: string }>>[];
  ports?: { name: string; containerPort: number }[];
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  volumeMounts?: { name: string; mountPath: string }[];
  securityContext?: unknown;
  startupProbe?: unknown;
  readinessProbe?: unknown;
  livenessProbe?: { httpGet?: { path: string } };
}

export interface Pod {
  /** Of what starts it, such as `bee-eu`. */
  name: string;
  labels: Record<string, string>;
  containers: Container[];
  spec: {
    volumes?: { name: string; emptyDir?: object }[];
    terminationGracePeriodSeconds: number;
  };
}

interface Selector {
  matchLabels?: Record<string, string>;
}

interface Peers {
  from?: { podSelector?: Selector; namespaceSelector?: Selector }[];
  to?: { podSelector?: Selector; namespaceSelector?: Selector }[];
  ports?: { port: number }[];
}

/** One document, as far as the tests read it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: Record<string, string>;
  spec: {
    replicas?: number;
    selector?: Record<string, unknown>;
    ports?: { port: number; targetPort: string }[];
    sessionAffinity?: string;
    template: { metadata: { labels: Record<string, string> }; spec: Pod['spec'] & { containers: Container[] } };
    volumeClaimTemplates?: { metadata: { name: string } }[];
    podSelector: Selector;
    policyTypes: string[];
    ingress?: Peers[];
    egress?: Peers[];
  };
}

/** What `kubectl kustomize` makes of a folder. */
export function rendered(kubectl: string, folder: string): Manifest[] {
  // Its warnings are about `bases`, which newer ones call `resources`.
  const text = execFileSync(kubectl, ['kustomize', folder], {
    encoding: 'utf8',
    timeout: 30_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

export function podsOf(manifests: readonly Manifest[]): Pod[] {
  return manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .map(({ metadata, spec: { template } }) => ({
      name: metadata.name,
      labels: template.metadata.labels,
      containers: template.spec.containers,
      spec: template.spec,
    }));
}

export const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((one) => one.kind === kind);

/** The variables that a container gets, with those of ConfigMaps and Secrets; `$(NAME)` is filled in. */
export function environmentOf(container: Container, manifests: readonly Manifest[]): Record<string, string> {
  const dataOf = (kind: string, name: string): Record<string, string> => {
    const data = ofKind(manifests, kind).find(({ metadata }) => metadata.name === name)?.data;
    if (data === undefined) throw new Error(`there is no ${kind} ${name}`);
    if (kind === 'ConfigMap') return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
  };
  const found: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom ?? [])
    if (configMapRef !== undefined) Object.assign(found, dataOf('ConfigMap', configMapRef.name));
  const fill = (text: string): string => text.replaceAll(/\$\((\w+)\)/g, (_, name: string) => found[name] ?? '');
  // Kubernetes fills in what was named before, in order.
  for (const { name, value, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.['secretKeyRef'];
    const setting = valueFrom?.['configMapKeyRef'];
    if (value !== undefined) found[name] = fill(value);
    else if (secret !== undefined) found[name] = dataOf('Secret', secret.name)[secret.key]!;
    else if (setting !== undefined) found[name] = dataOf('ConfigMap', setting.name)[setting.key]!;
    else found[name] = name;
  }
  return found;
}

const isSelected = ({ matchLabels = {} }: Selector, { labels }: Pod): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value);

/** The policies that speak of a pod, beside those of all. */
export const policiesOf = (manifests: readonly Manifest[], pod: Pod): Manifest[] =>
  ofKind(manifests, 'NetworkPolicy').filter(
    ({ spec: { podSelector } }) => podSelector.matchLabels !== undefined && isSelected(podSelector, pod),
  );

/** Whether one pod may connect to a port of another: one side must let it out, the other in. */
export function mayConnect(manifests: readonly Manifest[], { from, to, port }: { from: Pod; to: Pod; port: number }) {
  const allows = (rules: readonly Peers[] | undefined, side: 'from' | 'to', other: Pod): boolean =>
    (rules ?? []).some(
      (rule) =>
        (rule.ports === undefined || rule.ports.some((one) => one.port === port)) &&
        (rule[side] ?? []).some(
          ({ podSelector, namespaceSelector }) =>
            (podSelector !== undefined && isSelected(podSelector, other)) ||
            (namespaceSelector !== undefined && namespaceSelector.matchLabels === undefined),
        ),
    );
  return (
    policiesOf(manifests, from).some(({ spec }) => allows(spec.egress, 'to', to)) &&
    policiesOf(manifests, to).some(({ spec }) => allows(spec.ingress, 'from', from))
  );
}

const MODELS = {
  'v1/ConfigMap': ConfigMap,
  'v1/Namespace': Namespace,
  'v1/PersistentVolumeClaim': PersistentVolumeClaim,
  'v1/Secret': Secret,
  'v1/Service': Service,
  'apps/v1/Deployment': Deployment,
  'apps/v1/StatefulSet': StatefulSet,
  'networking.k8s.io/v1/NetworkPolicy': NetworkPolicy,
  'policy/v1/PodDisruptionBudget': PodDisruptionBudget,
};

/** What Kubernetes' own schemas say against a document: wrong values, and fields that they do not know. */
export function problemsOf(manifest: Manifest): string[] {
  const { apiVersion, kind } = manifest;
  const model = MODELS[`${apiVersion}/${kind}` as keyof typeof MODELS];
  if (model === undefined) return [`no schema for ${apiVersion}/${kind}`];
  // The schemas pass over fields that they do not know: whoever checks never looks at those.
  const unread = new Set<string>();
  try {
    model.prototype.validate.call(watched(manifest, '', unread) as never);
  } catch (error) {
    return [(error as Error).message];
  }
  return [...unread].map((path) => `${path} is not known`);
}

/** The same value, which takes each of its paths out of `unread` once somebody looks there. */
function watched(value: unknown, at: string, unread: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const parts = new Map<PropertyKey, unknown>();
  for (const [key, part] of Object.entries(value)) {
    unread.add(`${at}/${key}`);
    parts.set(key, watched(part, `${at}/${key}`, unread));
  }
  return new Proxy(value, {
    get(target, key) {
      unread.delete(`${at}/${String(key)}`);
      return parts.get(key) ?? (Reflect.get(target, key) as unknown);
    },
  });
}
