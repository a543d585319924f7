import { BASE_KIND, KINDS, KIND_UNITS, type Client, type Kind, type Limit } from '@hive/contract';
import type { Metadata } from 'next';
import Link from 'next/link';
import { askApi, caller } from '../../../ask-api';
import { chooseTarget } from '../../../live/snapshot';
import { rounded } from '../../../panels/builder/described-run';
import { RunBuilder, type RunBuilderProps } from '../../../panels/builder/run-builder';
import { Gate } from '../../../panels/gate';
import { Allowed } from '../../../panels/not-allowed';
import { Notice } from '../../../ui/notice';

export const metadata: Metadata = { title: 'New run' };

interface Props {
  /** `target` and `kind`, and for the page itself `load`, `seconds` and `faults`; each may be left out. */
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Builds one run: kind, load, time and faults, with what is predicted of it. */
export default async function Page({ searchParams }: Props) {
  const { target: id, kind: named } = await searchParams;
  const [[wantedTarget], [wantedKind]] = [[id].flat(), [named].flat()];
  const kind = KINDS.find((known) => known === wantedKind);
  const wanted = {
    ...(wantedTarget === undefined ? {} : { target: wantedTarget }),
    ...(kind === undefined ? {} : { kind }),
  };
  const asked = await askApi((client) => begin(client, wanted));
  if ('refusal' in asked) return <Gate refusal={asked.refusal} {...await caller()} />;
  if (asked.answer === null)
    return (
      <Notice title="New run">
        <p>
          There is no target to run anything on.{' '}
          <Link href="/" className="rounded font-medium text-honey-ink underline underline-offset-4">
            Add one
          </Link>{' '}
          first.
        </p>
      </Notice>
    );
  const { target } = asked.answer;
  return (
    <Allowed to="run" title="New run">
      <RunBuilder key={`${target.id} ${asked.answer.kind}`} {...asked.answer} />
    </Allowed>
  );
}

/** What is wanted, and where it says nothing, what Hive would take: the kind's safe load. */
async function begin(client: Client, wanted: { target?: string; kind?: Kind }): Promise<RunBuilderProps | null> {
  const [{ targets }, status] = await Promise.all([client.call('listTargets'), client.call('trainingStatus')]);
  const id = chooseTarget(targets, status, wanted.target);
  const target = targets.find((one) => one.id === id);
  if (target === undefined) return null;
  const { limits } = await client.call('targetLimits', { params: { id: target.id } });
  const kind = wanted.kind ?? (applies(limits, BASE_KIND) ? BASE_KIND : (firstOf(limits) ?? BASE_KIND));
  const limit = limits.find((one) => one.kind === kind);
  const known = limit?.safe ?? limit?.estimate ?? limit?.low ?? null;
  // Where nothing is known, Hive takes its prior.
  const load = known ?? (await client.call('predict', { params: { id: target.id }, query: { kind } })).intensity;
  return { target, limits, kind, proposed: rounded(load, KIND_UNITS[kind]) };
}

function applies(limits: readonly Limit[], kind: Limit['kind']): boolean {
  return limits.some((limit) => limit.kind === kind && limit.status !== 'not_applicable');
}

function firstOf(limits: readonly Limit[]): Limit['kind'] | undefined {
  return limits.find(({ status }) => status !== 'not_applicable')?.kind;
}
