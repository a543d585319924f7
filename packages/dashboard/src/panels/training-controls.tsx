'use client';

import {
  BASE_KIND,
  DEFAULT_KINDS,
  KINDS,
  type Kind,
  type Limit,
  type StartTraining,
  type Target,
  type TrainingStatus,
} from '@hive/contract';
import { FlaskConical, LoaderCircle, Play, Square } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { Button, FIELD } from '../ui/button';
import { Card } from '../ui/card';
import { TrainingProgress } from './training-progress';

const BUDGETS = [
  { value: '30', text: '30 seconds' },
  { value: '60', text: '1 minute' },
  { value: '120', text: '2 minutes' },
  { value: '300', text: '5 minutes' },
  { value: '900', text: '15 minutes' },
  { value: 'continuous', text: 'until stopped' },
] as const;
type Budget = (typeof BUDGETS)[number]['value'];
/** Long enough to call a load safe, s. */
const HOLD_SECONDS = 300;
/** A search needs so much beside it, s. */
const LEAST_BESIDE_HOLD = 60;

export type Doing = 'starting' | 'stopping' | 'generating' | null;

export interface TrainingControlsProps {
  targets: readonly Target[];
  target: string | null;
  onTarget: (id: string) => void;
  /** Of the chosen target: they say which kinds apply to it. */
  limits: readonly Limit[] | undefined;
  status: TrainingStatus;
  statusAtMs: number;
  /** Whether the feed is live. */
  live: boolean;
  doing: Doing;
  onStart: (request: StartTraining) => void;
  onStop: () => void;
  onGenerate: (kinds: readonly Kind[]) => void;
  /** The button that adds a target. */
  addTarget: ReactNode;
}

/** Chooses what to train, starts and stops it, and shows how far it is. */
export function TrainingControls(props: TrainingControlsProps) {
  const { targets, target, limits, status, doing } = props;
  const [left, setLeft] = useState<ReadonlySet<Kind>>(new Set());
  const [budget, setBudget] = useState<Budget>('120');
  const [holding, setHolding] = useState(false);
  const ids = { target: useId(), budget: useId() };
  const kinds = offeredKinds(limits);
  const chosen = kinds.filter((kind) => !left.has(kind));
  const idle = !status.running && doing === null;
  const ready = idle && target !== null && chosen.length > 0;
  const holdable = chosen.includes(BASE_KIND);

  const toggle = (kind: Kind): void => {
    const next = new Set(left);
    if (!next.delete(kind)) next.add(kind);
    setLeft(next);
  };
  const start = (): void => {
    if (target === null) return;
    const holdSeconds = holding && holdable ? HOLD_SECONDS : undefined;
    const least = holdSeconds === undefined ? 0 : LEAST_BESIDE_HOLD;
    props.onStart({
      target,
      kinds: chosen,
      ...(budget === 'continuous'
        ? { continuous: true }
        : { budgetSeconds: Math.max(least, Number(budget)) + (holdSeconds ?? 0) }),
      ...(holdSeconds === undefined ? {} : { holdSeconds }),
    });
  };

  return (
    <Card label="Training" aside={<RunningNote running={status.running} />}>
      <div className="grid gap-3">
        <div>
          <label htmlFor={ids.target} className="mb-1 block text-xs font-medium text-ink-soft">
            Target
          </label>
          <div className="flex gap-2">
            <select
              id={ids.target}
              value={target ?? ''}
              disabled={!idle || targets.length === 0}
              onChange={(event) => props.onTarget(event.target.value)}
              className={FIELD}
            >
              {targets.length === 0 ? <option value="">none yet</option> : null}
              {targets.map(({ id, nodes }) => (
                <option key={id} value={id}>
                  {id} · {nodes.map(({ url }) => url.replace(/^https?:\/\//, '')).join(', ')}
                </option>
              ))}
            </select>
            {props.addTarget}
          </div>
        </div>
        <fieldset disabled={!idle}>
          <legend className="mb-1 text-xs font-medium text-ink-soft">Kinds</legend>
          <div className="grid gap-1">
            {kinds.map((kind) => (
              <label key={kind} className="flex min-h-7 items-center gap-2 text-sm has-disabled:opacity-60">
                <input
                  type="checkbox"
                  className="size-4 accent-honey"
                  checked={!left.has(kind)}
                  onChange={() => toggle(kind)}
                />
                <span className="font-mono text-xs">{kind}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div>
          <label htmlFor={ids.budget} className="mb-1 block text-xs font-medium text-ink-soft">
            Budget
          </label>
          <select
            id={ids.budget}
            value={budget}
            disabled={!idle}
            onChange={(event) => setBudget(event.target.value as Budget)}
            className={FIELD}
          >
            {BUDGETS.map(({ value, text }) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </div>
        <label className="flex min-h-7 items-center gap-2 text-sm has-disabled:opacity-60">
          <input
            type="checkbox"
            className="size-4 accent-honey"
            checked={holding && holdable}
            disabled={!idle || !holdable}
            onChange={() => setHolding(!holding)}
          />
          Then hold the safe load for 5 minutes
        </label>
        <div className="grid grid-cols-[1fr_auto] gap-2">
          <Button look="primary" disabled={!ready} onClick={start}>
            <Busy when={doing === 'starting'} otherwise={<Play aria-hidden="true" className="size-4" />} />
            Start Training
          </Button>
          <Button look="danger" disabled={!status.running || doing === 'stopping'} onClick={props.onStop}>
            <Busy when={doing === 'stopping'} otherwise={<Square aria-hidden="true" className="size-3.5" />} />
            Stop
          </Button>
          <Button className="col-span-2" disabled={!ready} onClick={() => props.onGenerate(chosen)}>
            <Busy when={doing === 'generating'} otherwise={<FlaskConical aria-hidden="true" className="size-4" />} />
            Generate &amp; execute one
          </Button>
        </div>
        <TrainingProgress status={status} statusAtMs={props.statusAtMs} hasTarget={target !== null} live={props.live} />
      </div>
    </Card>
  );
}

function RunningNote({ running }: { running: boolean }) {
  if (!running) return <span className="text-xs text-ink-soft">idle</span>;
  return (
    <span className="inline-flex items-center gap-1.5 text-xs font-medium text-honey-ink">
      <span aria-hidden="true" className="size-1.5 rounded-full bg-honey motion-safe:animate-pulse" />
      running
    </span>
  );
}

function Busy({ when, otherwise }: { when: boolean; otherwise: ReactNode }) {
  return when ? <LoaderCircle aria-hidden="true" className="size-4 animate-spin" /> : otherwise;
}

/** The kinds that can be chosen, in the order used everywhere. Why another does not apply stands among the limits. */
function offeredKinds(limits: readonly Limit[] | undefined): readonly Kind[] {
  if (!limits?.length) return DEFAULT_KINDS;
  return KINDS.filter((kind) => limits.some((limit) => limit.kind === kind && limit.status !== 'not_applicable'));
}
