import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { initFleet, readFleetKeys } from '@hive/fleet';
import { loadConfig } from '@hive/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeWith, kubectl, natsServer } from './services.js';
import {
  environmentOf,
  MANIFESTS,
  mayConnect,
  ofKind,
  podsOf,
  policiesOf,
  problemsOf,
  rendered,
  type Container,
  type Manifest,
  type Pod,
} from './kubernetes-manifests.js';

const root = dirname(dirname(MANIFESTS));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const OVERLAYS = readdirSync(join(MANIFESTS, 'overlays'));
const KEYS = join(MANIFESTS, 'overlays/fleet/keys');

describeWith(kubectl, 'the manifests for Kubernetes', (program) => {
  const all = new Map<string, Manifest[]>();
  beforeAll(() => {
    for (const name of OVERLAYS) all.set(name, rendered(program, join(MANIFESTS, 'overlays', name)));
    all.set('base', rendered(program, join(MANIFESTS, 'base')));
  });

  const of = (name: string): Manifest[] => all.get(name)!;
  const pod = (name: string, component: string): Pod => podsOf(of(name)).find((one) => one.name === component)!;
  const everyPod = (): { pod: Pod; container: Container; manifests: Manifest[] }[] =>
    [...all.values()].flatMap((manifests) =>
      podsOf(manifests).flatMap((one) => one.containers.map((container) => ({ pod: one, container, manifests }))),
    );
  const isBee = ({ labels }: Pod): boolean => labels['app.kubernetes.io/component'] === 'bee';

  it('are as the schemas of Kubernetes want them, down to every field', () => {
    for (const manifests of all.values())
      for (const one of manifests) expect([one.metadata, problemsOf(one)]).toEqual([one.metadata, []]);
    const wrong = structuredClone(ofKind(of('base'), 'Deployment')[0]!);
    Object.assign(wrong.spec.template.spec.containers[0]!, { livenesProbe: {} });
    expect(problemsOf(wrong)).toEqual(['/spec/template/spec/containers/0/livenesProbe is not known']);
    Object.assign(wrong.spec, { replicas: 'two' });
    expect(problemsOf(wrong).join()).toContain('/spec/replicas');
  });

  it('are of one namespace, and have one of each name', () => {
    for (const manifests of all.values()) {
      const names = manifests.map(({ kind, metadata: { name } }) => `${kind} ${name}`);
      expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
      const elsewhere = manifests.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'hive');
      expect(elsewhere).toEqual([]);
    }
  });

  it('start what the overlays say', () => {
    const started = (name: string): [string, number | undefined][] =>
      of(name)
        .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
        .map(({ metadata, spec }): [string, number | undefined] => [metadata.name, spec.replicas])
        .toSorted();
    const others: [string, number][] = [
      ['dashboard', 1],
      ['db', 1],
      ['redis', 1],
    ];
    expect(started('base')).toEqual([['backend', 2], ...others]);
    expect(started('small')).toEqual([['backend', 1], ...others]);
    const bees = ['bee-eu', 'bee-us'].map((name): [string, number] => [name, 2]);
    expect(started('fleet')).toEqual([['backend', 1], ...bees, ...others.slice(0, 2), ['nats', 1], ['redis', 1]]);
    expect(started('region')).toEqual([['bee-ap', 2]]);
  });

  it('can do as little as their pods need', () => {
    expect(everyPod().length).toBeGreaterThan(12);
    for (const {
      pod: { spec },
      container,
    } of everyPod()) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        // Kubernetes would set HIVE_… and others for Services of such names.
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      // By number: kubelet cannot see that the user of a name is not root.
      expect((spec as unknown as { securityContext: { runAsUser: number } }).securityContext.runAsUser).toBeGreaterThan(
        0,
      );
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const tmp = container.volumeMounts?.find(({ mountPath }) => mountPath === '/tmp')?.name;
      expect(spec.volumes?.find(({ name }) => name === tmp)?.emptyDir).toMatchObject({ sizeLimit: expect.any(String) });
    }
  });

  it('say what they need, and how it is seen that they work', () => {
    for (const { pod: one, container } of everyPod()) {
      expect(container.resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
      const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe].map(Boolean);
      // A probe in the middle of a run would take the processor from it.
      expect([one.name, ...probes]).toEqual([one.name, true, !isBee(one), !isBee(one)]);
    }
    const [backend] = pod('base', 'backend').containers;
    for (const probe of [backend?.startupProbe, backend?.readinessProbe])
      expect(probe).toMatchObject({ httpGet: { path: '/api/health' } });
    // It answers 503 without its database: a restart then would lose what waits to be written.
    expect(backend?.livenessProbe?.httpGet?.path).toBe('/');
  });

  it('let every pod reach what it needs, and nobody else', () => {
    for (const manifests of all.values()) {
      const [denied] = ofKind(manifests, 'NetworkPolicy').filter(({ metadata }) => metadata.name === 'default-deny');
      expect(denied?.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
      for (const one of podsOf(manifests)) {
        const types = policiesOf(manifests, one).flatMap(({ spec }) => spec.policyTypes);
        expect([one.name, types]).toEqual([one.name, expect.arrayContaining(['Ingress', 'Egress'])]);
      }
    }
    const fleet = of('fleet');
    const pairs = podsOf(fleet).flatMap((from) =>
      podsOf(fleet).flatMap((to) =>
        to.containers
          .flatMap(({ ports }) => ports ?? [])
          .filter(({ containerPort: port }) => mayConnect(fleet, { from, to, port }))
          .map(({ containerPort }) => `${from.name} ${to.name} ${containerPort}`),
      ),
    );
    expect(pairs.toSorted()).toEqual([
      'backend db 5432',
      'backend nats 4222',
      'backend redis 6379',
      'bee-eu nats 4222',
      'bee-us nats 4222',
      'dashboard backend 8000',
    ]);
  });

  it('have a Service under each name that is called, at a port that is there', () => {
    const services = ofKind(of('fleet'), 'Service');
    for (const { spec } of services) {
      const [target] = podsOf(of('fleet')).filter(({ labels }) =>
        Object.entries(spec.selector!).every(([key, value]) => labels[key] === value),
      );
      const names = target?.containers.flatMap(({ ports }) => ports?.map(({ name }) => name) ?? []);
      for (const { targetPort } of spec.ports!) expect(names).toContain(targetPort);
    }
    const called = everyPod().flatMap(({ container, manifests }) =>
      Object.values(environmentOf(container, manifests)).filter((value) => /^\w+:\/\//.test(value)),
    );
    const answering = services.map(({ metadata, spec }) => `${metadata.name}:${spec.ports![0]!.port}`);
    expect(called.length).toBeGreaterThan(6);
    for (const url of called) expect(answering).toContain(new URL(url).host);
    expect(services.find(({ metadata }) => metadata.name === 'backend')?.spec.sessionAffinity).toBe('ClientIP');
  });

  it('run the images that deploy/Dockerfile and scripts/images.sh build', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const stages = [...read('deploy/Dockerfile').matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, stage]) => stage);
    const ours = new Set(
      everyPod()
        .map(({ container }) => container.image)
        .filter((image) => image.startsWith('hive-')),
    );
    expect([...ours].toSorted()).toEqual([`hive-backend:${version}`, `hive-dashboard:${version}`]);
    expect(stages).toEqual(expect.arrayContaining(['backend', 'dashboard']));
    const { services } = parse(read('compose.yaml')) as { services: Record<string, { image?: string }> };
    for (const name of ['db', 'redis', 'nats'])
      expect(pod('fleet', name).containers[0]?.image).toBe(services[name]?.image);
  });

  it('set what Hive reads, and nothing else', () => {
    const readNames = ['cli', 'server', 'dashboard'].flatMap((name) => {
      const matches = read(`packages/${name}/src/config.ts`).matchAll(/'((?:[A-Z]+_)+[A-Z]+)'/g);
      return [...matches].map(([, variable]) => variable!);
    });
    const hives = everyPod().filter(({ container }) => container.image.startsWith('hive-'));
    for (const { container, manifests } of hives) {
      const used = JSON.stringify([container.args, container.env]);
      const unread = Object.keys(environmentOf(container, manifests)).filter(
        (name) => !readNames.includes(name) && !used.includes(`$(${name})`),
      );
      expect([container.name, unread]).toEqual([container.name, []]);
    }
  });

  it('start nothing while a secret has not been set', () => {
    const [backend] = pod('base', 'backend').containers;
    const [secret] = ofKind(of('base'), 'Secret');
    const inImage = { HIVE_HOST: '0.0.0.0', HIVE_PORT: '8000' };
    expect(Object.values(secret!.data!)).toEqual(['', '', '', '']);
    // Which Hive does not start with as long as nobody has an account: nobody would have to sign in.
    const empty = { beyondLoopback: true, token: null, firstAdmin: { link: false, account: null } };
    expect(loadConfig({ ...environmentOf(backend!, of('base')), ...inImage })).toMatchObject(empty);
    const set = structuredClone(of('base'));
    const data = ofKind(set, 'Secret')[0]!.data!;
    for (const name of Object.keys(data)) data[name] = Buffer.from(`${name}-f00`).toString('base64');
    expect(loadConfig({ ...environmentOf(backend!, set), ...inImage })).toMatchObject({
      token: 'HIVE_TOKEN-f00',
      databaseUrl: 'postgres://hive:POSTGRES_PASSWORD-f00@db:5432/hive',
      redisUrl: 'redis://:REDIS_PASSWORD-f00@redis:6379',
      allowHosts: ['backend'],
    });
    const [, ...args] = pod('base', 'redis').containers[0]!.command!;
    const redis = spawnSync('/bin/sh', args, { encoding: 'utf8', env: { PATH: '/nowhere', REDISCLI_AUTH: '' } });
    expect(redis.status).not.toBe(0);
    expect(redis.stderr).toContain('set REDIS_PASSWORD in secrets.env');
  });

  it('give each load generator a join string, a place to keep what it became, and time to finish', () => {
    for (const manifests of [of('fleet'), of('region')]) {
      for (const { spec, metadata } of ofKind(manifests, 'StatefulSet').filter(({ metadata: { name } }) =>
        name.startsWith('bee'),
      )) {
        const { terminationGracePeriodSeconds, containers } = spec.template.spec;
        const [{ args, volumeMounts, startupProbe, resources } = {} as Container] = containers;
        const longest = Number(args![args!.indexOf('--max-seconds') + 1]);
        // The grace of its last requests and ten seconds to hand over what it counted come on top.
        expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(longest + 60);
        expect(args![args!.indexOf('--join-file') + 1]).toBe('/join/$(POD_NAME)');
        expect(`${metadata.name}-0`).toMatch(/^[a-z0-9-]{1,40}$/);
        const kept = volumeMounts?.find(({ name }) => name === spec.volumeClaimTemplates![0]!.metadata.name);
        expect(read('deploy/Dockerfile')).toContain(`HIVE_DATA=${kept?.mountPath}`);
        const [, file] = /FILE = '(.+)'/.exec(read('packages/fleet/src/bee/kept-membership.ts'))!;
        expect(startupProbe).toMatchObject({ exec: { command: ['test', '-s', `${kept?.mountPath}/${file}`] } });
        // Its processors are its own.
        expect(resources?.limits).toEqual(resources?.requests);
        expect(resources?.limits?.['cpu']).toMatch(/^\d+$/);
      }
      expect(ofKind(manifests, 'HorizontalPodAutoscaler')).toEqual([]);
    }
  });
});

describe('the keys of a fleet on Kubernetes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hive-kubernetes-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are refused until they are replaced', () => {
    expect(() => readFleetKeys(KEYS)).toThrow(/hub\.seed holds no key/);
  });

  describeWith(natsServer, 'nats.conf', (program) => {
    const check = (path: string): number | null =>
      spawnSync(program, ['-t', '-c', path, '-m', '8222'], { stdio: 'ignore', timeout: 10_000 }).status;
    it('starts no server until it is replaced', () => {
      expect(check(join(KEYS, 'nats.conf'))).toBe(1);
      expect(check(initFleet(join(folder, 'fleet'), { listen: '0.0.0.0:4222' }))).toBe(0);
    });
  });
});
