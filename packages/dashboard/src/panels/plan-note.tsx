'use client';

import { planWords, type SessionPlan } from '@hive/contract';
import { useEffect, useState } from 'react';
import { capitalized } from '../ui/format';
import type { PlanQuery } from './measurement-form';

export interface PlanNoteProps {
  /** What the form asks for; null: nothing that can be started. */
  query: PlanQuery | null;
  ask: (query: PlanQuery) => Promise<SessionPlan>;
  /** Of the session that runs: it takes the place of what the form would do. */
  running: SessionPlan | null;
}

/** What a session would measure and what that costs, before it is started; while one runs, what is left of it. */
export function PlanNote({ query, ask, running }: PlanNoteProps) {
  const planned = usePlan(query, ask);
  const plan = running ?? planned;
  if (plan === null || plan.fits.length === 0) return null;
  return (
    <ul aria-label={running === null ? 'Plan' : 'Left to do'} className="grid gap-1 text-xs text-pretty text-ink-soft">
      {planWords(plan).map((line) => (
        <li key={line}>{capitalized(line)}</li>
      ))}
    </ul>
  );
}

/** Asks again when the form changes. Where the API does not answer there is no plan to show. */
function usePlan(query: PlanQuery | null, ask: PlanNoteProps['ask']): SessionPlan | null {
  const [plan, setPlan] = useState<SessionPlan | null>(null);
  const key = query === null ? null : JSON.stringify(query);
  useEffect(() => {
    let isCurrent = true;
    const show = (next: SessionPlan | null): void => {
      if (isCurrent) setPlan(next);
    };
    if (key === null) show(null);
    else
      ask(JSON.parse(key) as PlanQuery).then(show, () => {
        show(null);
      });
    return () => {
      isCurrent = false;
    };
  }, [key, ask]);
  return plan;
}
