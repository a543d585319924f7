'use client';

import {
  BASE_KIND,
  DEFAULT_KINDS,
  KINDS,
  type Fleet,
  type Kind,
  type Limit,
  type SessionRow,
  type StartTraining,
  type Target,
  type TrainingStatus,
} from '@hive/contract';
import { FlaskConical, Play, Square } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Checkbox, Label, Select } from '../ui/field';
import { duration, plural } from '../ui/format';
import { useFocusGoesOn } from '../ui/use-focus-goes-on';
import { KindName } from './kind-name';
import { CONTINUOUS, DEFAULT_BUDGET, planQuery, shownForm } from './measurement-form';
import { PlanNote, type PlanNoteProps } from './plan-note';
import { senderChoices, shownSender } from './regions-choice';
import { TrainingProgress } from './training-progress';

/** Long enough to confirm that a rate is safe, s. */
const SOAK_SECONDS = 300;
/** A search needs this much beside it, s. */
const LEAST_BESIDE_SOAK = 60;

export type Doing = 'starting' | 'stopping' | 'generating' | null;

export interface TrainingControlsProps {
  targets: readonly Target[];
  target: string | null;
  onTarget: (id: string) => void;
  /** Of the chosen target: they say which kinds apply to it. */
  limits: readonly Limit[] | undefined;
  status: TrainingStatus;
  /** Of the chosen target's last session. */
  last: TrainingStatus;
  statusAtMs: number;
  /** Whether the feed is live. */
  live: boolean;
  doing: Doing;
  onStart: (request: StartTraining) => void;
  /** What a session would do, before it is started. */
  askPlan: PlanNoteProps['ask'];
  onStop: () => void;
  onGenerate: (kinds: readonly Kind[]) => void;
  /** The load generators on other machines; null: not known yet. */
  fleet: Fleet | null;
  /** The session that runs, where it is known. */
  running: SessionRow | undefined;
  /** The button that adds a target. */
  addTarget: ReactNode;
}

/** Chooses what to measure, starts and stops it, and shows how far it is. */
export function TrainingControls(props: TrainingControlsProps) {
  const { targets, target, limits, status, doing } = props;
  const [picked, setPicked] = useState<ReadonlySet<Kind>>(new Set(DEFAULT_KINDS));
  const [ownBudget, setBudget] = useState(DEFAULT_BUDGET);
  const [ownSoaking, setSoaking] = useState(false);
  const [ownSender, setSender] = useState<string | null>(null);
  const ids = { target: useId(), budget: useId(), sender: useId() };
  const own = offeredKinds(limits);
  const { offered, chosen, budget, budgets, soaking } = shownForm(
    { offered: own, chosen: own.filter((kind) => picked.has(kind)), budget: ownBudget, soaking: ownSoaking },
    status,
  );
  const described = targets.find(({ id }) => id === target);
  const sender = shownSender(senderChoices(props.fleet, described?.regions), ownSender, props.running);
  const idle = !status.running && doing === null;
  const ready = idle && target !== null && chosen.length > 0;
  const soakable = chosen.includes(BASE_KIND);

  const [findButton, stopButton] = useFocusGoesOn();

  const toggle = (kind: Kind): void => {
    const next = new Set(picked);
    if (!next.delete(kind)) next.add(kind);
    setPicked(next);
  };
  const start = (): void => {
    if (target === null) return;
    const holdSeconds = soaking && soakable ? SOAK_SECONDS : undefined;
    const least = holdSeconds === undefined ? 0 : LEAST_BESIDE_SOAK;
    props.onStart({
      target,
      kinds: [...chosen],
      ...(budget === CONTINUOUS
        ? { continuous: true }
        : { budgetSeconds: Math.max(least, Number(budget)) + (holdSeconds ?? 0) }),
      ...(holdSeconds === undefined ? {} : { holdSeconds }),
      ...(sender.choice?.regions === undefined ? {} : { regions: sender.choice.regions }),
    });
  };

  return (
    <Card label="Measurement" aside={<RunningNote running={status.running} />}>
      <div className="grid gap-3">
        <div hidden={props.addTarget === null}>
          <Label htmlFor={ids.target}>Target</Label>
          <div className="flex gap-2">
            <Select
              id={ids.target}
              value={target ?? ''}
              disabled={!idle || targets.length === 0}
              onChange={(event) => props.onTarget(event.target.value)}
            >
              {targets.length === 0 ? <option value="">none yet</option> : null}
              {targets.map(({ id, nodes }) => (
                <option key={id} value={id}>
                  {id} · {nodes.map(({ url }) => url.replace(/^https?:\/\//, '')).join(', ')}
                </option>
              ))}
            </Select>
            {props.addTarget}
          </div>
        </div>
        <PlanNote
          query={idle ? planQuery(target, { chosen, budget }) : null}
          ask={props.askPlan}
          running={status.running ? status.plan : null}
        />
        <div className="grid grid-cols-[1fr_auto] gap-2">
          <Button
            ref={findButton}
            look="primary"
            icon={Play}
            busy={doing === 'starting'}
            disabled={!ready}
            onClick={start}
          >
            Find limit
          </Button>
          <Button
            ref={stopButton}
            look="danger"
            icon={Square}
            busy={doing === 'stopping'}
            disabled={!status.running || doing === 'stopping'}
            title="Stop (Shift+Escape on any page stops everything)"
            onClick={props.onStop}
          >
            Stop
          </Button>
          <Button
            className="col-span-2"
            icon={FlaskConical}
            busy={doing === 'generating'}
            disabled={!ready}
            title="Generates one run of a kind that is checked above"
            onClick={() => props.onGenerate(chosen)}
          >
            Run once
          </Button>
        </div>
        <div className="border-t border-line pt-3">
          {status.running ? (
            <TrainingProgress status={status} statusAtMs={props.statusAtMs} live={props.live} />
          ) : (
            <p className="text-xs text-pretty text-ink-soft">{sayIdle(props.last, target !== null)}</p>
          )}
        </div>
        <details className="border-t border-line pt-2">
          <summary className="rounded py-1 text-xs font-medium text-ink-soft">
            What to measure, and for how long
          </summary>
          <div className="mt-2 grid gap-3">
            <fieldset disabled={!idle}>
              <legend className="mb-1 text-xs font-medium text-ink-soft">What to measure</legend>
              <div className="grid gap-1">
                {offered.map((kind) => (
                  <Checkbox key={kind} checked={chosen.includes(kind)} onChange={() => toggle(kind)}>
                    <KindName kind={kind} />
                  </Checkbox>
                ))}
              </div>
            </fieldset>
            <div>
              <Label htmlFor={ids.budget}>Time budget</Label>
              <Select
                id={ids.budget}
                value={budget}
                disabled={!idle}
                onChange={(event) => setBudget(event.target.value)}
              >
                {budgets.map(({ value, text }) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </Select>
            </div>
            {sender.choices.length === 0 ? null : (
              <div>
                <Label htmlFor={ids.sender}>Send from</Label>
                <Select
                  id={ids.sender}
                  value={sender.choice?.value}
                  disabled={!idle}
                  onChange={(event) => setSender(event.target.value)}
                >
                  {sender.choices.map(({ value, text }) => (
                    <option key={value} value={value}>
                      {text}
                    </option>
                  ))}
                </Select>
              </div>
            )}
            <Checkbox
              checked={soaking && soakable}
              disabled={!idle || !soakable}
              onChange={() => setSoaking(!ownSoaking)}
            >
              Then soak at the safe rate for 5 minutes
            </Checkbox>
          </div>
        </details>
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

function sayIdle(status: TrainingStatus, hasTarget: boolean): string {
  if (!hasTarget) return 'Add a target to begin.';
  if (status.session_id === null) return 'Nothing measured yet: choose a target and press Find limit.';
  return `Last session: ${plural(status.scenarios_completed, 'run')} in ${duration(status.runtime_seconds)}.`;
}

/** The kinds that can be chosen, in the order used everywhere. Why another does not apply stands among the limits. */
function offeredKinds(limits: readonly Limit[] | undefined): readonly Kind[] {
  if (!limits?.length) return DEFAULT_KINDS;
  return KINDS.filter((kind) => limits.some((limit) => limit.kind === kind && limit.status !== 'not_applicable'));
}
