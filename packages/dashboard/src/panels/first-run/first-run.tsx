'use client';

import { FlaskConical, Server } from 'lucide-react';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { useMe } from '../../live/me';
import { useLive } from '../../live/feed-provider';
import { OwnService } from './own-service';
import { Ready } from './ready';

const PRACTICE = 'practice';
const WAYS = [PRACTICE, 'own'] as const;

/** What stands where nothing was measured yet: two ways to a first limit. */
export function FirstRun() {
  const hasPractice = useLive(({ state }) => state.targets.some(({ id }) => id === PRACTICE));
  const [way, setWay] = useQueryState('try', parseAsStringLiteral(WAYS));
  const { permissions } = useMe();
  const mayTry = hasPractice && permissions.includes('run');
  const mayAdd = permissions.includes('target.write') && permissions.includes('run');
  const shown = way ?? (mayTry || !mayAdd ? null : 'own');
  return (
    <section aria-label="First measurement" className="mx-auto grid max-w-4xl gap-5 py-4 sm:py-10">
      <div className="grid gap-2 text-center">
        <h1 className="text-2xl font-semibold tracking-tight text-balance sm:text-3xl">How much can a service take?</h1>
        <p className="mx-auto max-w-xl text-pretty text-ink-soft">
          Hive sends real requests, judges them by your objectives, and closes in on the rate at which they break.
        </p>
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        {mayTry ? (
          <Choice chosen={shown === PRACTICE} onChoose={() => void setWay(PRACTICE)} icon={<FlaskConical />}>
            <strong>Try the practice service</strong>
            <span>It runs on this machine and knows its own limit, so you can check the answer.</span>
          </Choice>
        ) : null}
        {mayAdd ? (
          <Choice chosen={shown === 'own'} onChoose={() => void setWay('own')} icon={<Server />}>
            <strong>Test my service</strong>
            <span>Give its address. Hive asks it once before anything is measured.</span>
          </Choice>
        ) : null}
      </div>
      {mayTry && shown === PRACTICE ? <Ready target={PRACTICE} /> : null}
      {mayAdd && shown === 'own' ? <OwnService /> : null}
      {mayTry || mayAdd ? null : (
        <p className="text-center text-pretty">
          Nothing was measured yet. Whoever may run measurements can begin; you see here what comes of it.
        </p>
      )}
      {hasPractice || !mayAdd ? null : (
        <p className="text-center text-sm text-ink-soft">
          <code className="font-mono text-ink">hive up --demo</code> also starts a practice service to try this on.
        </p>
      )}
    </section>
  );
}

interface ChoiceProps {
  chosen: boolean;
  onChoose: () => void;
  icon: ReactNode;
  children: ReactNode;
}

function Choice({ chosen, onChoose, icon, children }: ChoiceProps) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={onChoose}
      className={`flex items-start gap-4 rounded-xl border bg-surface p-5 text-left transition-colors hover:bg-sunken ${chosen ? 'border-honey ring-1 ring-honey' : 'border-line'}`}
    >
      <span aria-hidden="true" className="rounded-lg bg-honey-wash p-2.5 text-honey-ink *:size-5">
        {icon}
      </span>
      <span className="grid gap-1 text-sm text-pretty text-ink-soft [&_strong]:text-base [&_strong]:font-semibold [&_strong]:text-ink">
        {children}
      </span>
    </button>
  );
}
