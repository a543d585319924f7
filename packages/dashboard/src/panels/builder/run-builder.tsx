'use client';

import {
  HiveError,
  KIND_UNITS,
  type Kind,
  type Limit,
  type Prediction,
  type ScenarioPreview,
  type Target,
} from '@hive/contract';
import { Dices, Play } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { parseAsFloat, parseAsJson, useQueryStates } from 'nuqs';
import { useId, useState, type ReactNode } from 'react';
import { PlanPicture } from '../../charts/plan-picture';
import { useLive } from '../../live/feed-provider';
import { useApi } from '../../live/use-api';
import { Button } from '../../ui/button';
import { Card, Skeleton } from '../../ui/card';
import { Input, Label, Select } from '../../ui/field';
import { duration } from '../../ui/format';
import { useSettled } from '../../ui/use-settled';
import { ProductionFrame } from '../production-frame';
import { sayPrediction } from '../say-prediction';
import { SenderField } from '../sender-field';
import { asFaults, asRegions, bodyOf, rangeOf, type DescribedRun } from './described-run';
import { FaultsField } from './faults-field';
import { KindField } from './kind-field';
import { LoadField } from './load-field';
import { useRunOnce } from './use-run-once';

const PlanYaml = dynamic(() => import('./plan-yaml').then((module) => module.PlanYaml), {
  ssr: false,
  loading: () => <Skeleton className="h-24" />,
});

/** As long as somebody drags. */
const SETTLED_MS = 150;

const ADDRESS = {
  load: parseAsFloat,
  seconds: parseAsFloat,
  faults: parseAsJson(asFaults),
  from: parseAsJson(asRegions),
};

export interface RunBuilderProps {
  target: Target;
  limits: readonly Limit[];
  kind: Kind;
  /** The load that Hive takes where the address says none. */
  proposed: number;
}

/** A run, step by step: what it tests, how much load, for how long, with which faults; beside it what that would be. */
export function RunBuilder({ target, limits, kind, proposed }: RunBuilderProps) {
  const unit = KIND_UNITS[kind];
  const [address, setAddress] = useQueryStates(ADDRESS, { history: 'replace' });
  const [proposal, setProposal] = useState<{ id: string; of: string } | null>(null);
  const described: DescribedRun = {
    target: target.id,
    kind,
    load: address.load ?? proposed,
    seconds: address.seconds,
    faults: address.faults ?? [],
    regions: address.from,
  };
  const body = bodyOf(described);
  const asked = JSON.parse(useSettled(JSON.stringify(body), SETTLED_MS)) as typeof body;
  const { data: preview, error } = useApi('previewScenario', { body: asked });
  // What is never refused: it says what may be asked for.
  const { data: usual } = useApi('previewScenario', { body: { target: target.id, kind, intensity: proposed } });
  const limit = limits.find((one) => one.kind === kind);
  const range = rangeOf(usual?.bounds.intensity, limit, { unit, proposed });
  const { data: prediction } = useApi('predict', {
    params: { id: target.id },
    query: { kind, intensity: asked.intensity, ...(range.logarithmic ? {} : { upTo: range.most }) },
  });
  const actions = useRunOnce();
  const busy = useLive(({ state }) => state.status.running);
  const take = (next: Partial<DescribedRun>): void =>
    void setAddress({
      ...(next.load === undefined ? {} : { load: next.load }),
      ...(next.seconds === undefined ? {} : { seconds: next.seconds }),
      ...(next.faults === undefined ? {} : { faults: next.faults.length === 0 ? null : [...next.faults] }),
      ...(next.regions === undefined ? {} : { from: next.regions }),
    });
  const isProposal = proposal?.of === JSON.stringify(body);
  return (
    <ProductionFrame target={target.id}>
      <div className="grid gap-4">
        <Heading target={target} />
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] 2xl:grid-cols-[minmax(0,3fr)_minmax(0,4fr)]">
          <Card
            label="What to run"
            aside={
              <Button
                icon={Dices}
                busy={actions.doing === 'generating'}
                disabled={actions.doing !== null}
                title="Hive proposes a load for this kind from what it knows"
                onClick={() =>
                  actions.propose(target.id, kind, (row) => {
                    const next = { ...described, load: row.intensity, seconds: null, faults: [] };
                    take(next);
                    setProposal({ id: row.id, of: JSON.stringify(bodyOf(next)) });
                  })
                }
              >
                Generate
              </Button>
            }
          >
            <ol className="grid gap-5">
              <Step number={1} title="Kind">
                <KindField target={target.id} kind={kind} limits={limits} />
              </Step>
              <Step number={2} title="Load">
                <LoadField
                  kind={kind}
                  load={described.load}
                  range={range}
                  prediction={described.faults.length === 0 ? prediction : undefined}
                  onLoad={(load) => take({ load })}
                />
              </Step>
              <Step number={3} title="Time">
                <TimeField
                  seconds={described.seconds}
                  preview={preview ?? usual}
                  onSeconds={(seconds) => take({ seconds })}
                />
              </Step>
              <Step number={4} title="Faults">
                {preview?.plan.faults !== undefined && described.faults.length === 0 ? (
                  <p className="text-sm text-ink-soft">This kind has faults of its own: they are in the plan.</p>
                ) : (
                  <FaultsField faults={described.faults} target={target} onFaults={(faults) => take({ faults })} />
                )}
              </Step>
            </ol>
            <div className="mt-4 empty:hidden">
              <SenderField
                own={target.regions}
                regions={described.regions ?? undefined}
                onRegions={(regions) => take({ regions: regions ?? null })}
              />
            </div>
          </Card>
          <Card
            label="The plan"
            className="lg:sticky lg:top-18"
            aside={
              <Button
                look="primary"
                icon={Play}
                busy={actions.doing === 'running'}
                disabled={busy || actions.doing !== null || error !== null || preview === undefined}
                title={busy ? 'A session runs: stop it first' : undefined}
                onClick={() => actions.run(described, isProposal ? proposal.id : null)}
              >
                Run once
              </Button>
            }
          >
            {error === null ? (
              <Planned preview={preview} prediction={prediction} hasFaults={described.faults.length > 0} />
            ) : (
              <Refused error={error} />
            )}
            <details className="mt-4">
              <summary className="rounded py-1 text-xs font-medium text-ink-soft">As YAML</summary>
              <div className="mt-1">
                <PlanYaml body={body} />
              </div>
            </details>
          </Card>
        </div>
      </div>
    </ProductionFrame>
  );
}

function Heading({ target }: { target: Target }) {
  const router = useRouter();
  const id = useId();
  const targets = useLive(({ state }) => state.targets);
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <h1 className="text-xl font-semibold tracking-tight">New run</h1>
      <div className="flex min-w-0 items-center gap-2">
        <label htmlFor={id} className="text-sm text-ink-soft">
          on
        </label>
        <Select
          id={id}
          value={target.id}
          aria-label="Target"
          onChange={(event) => router.replace(`/runs/new?target=${encodeURIComponent(event.target.value)}`)}
        >
          {(targets.length === 0 ? [target] : targets).map((one) => (
            <option key={one.id} value={one.id}>
              {one.id}
            </option>
          ))}
        </Select>
      </div>
    </div>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-2 border-t border-line pt-4 first:border-t-0 first:pt-0">
      <span
        aria-hidden="true"
        className="grid size-5.5 place-items-center rounded-full bg-sunken text-xs font-semibold text-ink-soft"
      >
        {number}
      </span>
      <div className="min-w-0">
        <h3 className="mb-2 text-sm font-semibold">{title}</h3>
        {children}
      </div>
    </li>
  );
}

interface TimeFieldProps {
  seconds: number | null;
  preview: ScenarioPreview | undefined;
  onSeconds: (seconds: number | null) => void;
}

function TimeField({ seconds, preview, onSeconds }: TimeFieldProps) {
  const id = useId();
  const usual = preview === undefined ? '' : duration(preview.plan.durationMs / 1_000);
  const bounds = preview?.bounds.seconds;
  if (bounds === null && seconds === null)
    return <p className="text-sm text-ink-soft">The phases of this kind decide how long it takes: {usual}.</p>;
  return (
    <div className="flex flex-wrap items-end gap-x-3 gap-y-1">
      <div className="w-32">
        <Label htmlFor={id}>Judged part, s</Label>
        <Input
          id={id}
          type="number"
          min={1}
          placeholder={seconds === null && preview !== undefined ? String(preview.plan.durationMs / 1_000) : ''}
          value={seconds ?? ''}
          onChange={(event) => {
            const next = Number(event.target.value);
            onSeconds(next > 0 ? next : null);
          }}
        />
      </div>
      <p className="pb-2 text-xs text-ink-soft">{sayTime(preview)}</p>
    </div>
  );
}

function sayTime(preview: ScenarioPreview | undefined): string {
  if (preview === undefined) return '';
  const { plan, bounds } = preview;
  const warmup = plan.warmupMs === 0 ? '' : `after a warm-up of ${duration(plan.warmupMs / 1_000)}`;
  const most = bounds.seconds === null ? '' : `${duration(bounds.seconds.least)} to ${duration(bounds.seconds.most)}`;
  return [warmup, most].filter(Boolean).join('; ');
}

interface PlannedProps {
  preview: ScenarioPreview | undefined;
  prediction: Prediction | undefined;
  hasFaults: boolean;
}

/** First what is expected of it, then what it does. */
function Planned({ preview, prediction, hasFaults }: PlannedProps) {
  if (preview === undefined) return <Skeleton className="h-56" />;
  return (
    <>
      <output className="block text-xl font-semibold tracking-tight text-balance">
        {hasFaults ? 'With faults, nothing is predicted' : prediction === undefined ? '…' : sayPrediction(prediction)}
      </output>
      <p className="mt-1 mb-3 text-sm text-pretty text-ink-soft">
        {preview.description}
        {preview.calibrated ? ` · ${preview.difficulty}` : ''}
      </p>
      <PlanPicture plan={preview.plan} />
      {preview.objectives.length === 0 ? null : (
        <p className="mt-2 text-xs text-pretty text-ink-soft">Passes if {preview.objectives.join(' and ')}.</p>
      )}
    </>
  );
}

function Refused({ error }: { error: Error }) {
  const hint = error instanceof HiveError ? error.hint : undefined;
  return (
    <div role="alert" className="grid gap-1 rounded-lg bg-bad-wash px-4 py-3 text-sm text-bad">
      <p className="font-medium text-pretty first-letter:uppercase">{error.message}</p>
      {hint === undefined ? null : <p className="text-pretty">To fix it: {hint}.</p>}
    </div>
  );
}
