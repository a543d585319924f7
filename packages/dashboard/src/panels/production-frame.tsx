'use client';

import { boundsOf } from '@hive/contract';
import type { ReactNode } from 'react';
import { useLive } from '../live/feed-provider';

/** A page about one target, in a red frame where that is one of production. */
export function ProductionFrame({ target, children }: { target: string | null; children: ReactNode }) {
  const shown = useLive(({ state }) => state.targets.find(({ id }) => id === target));
  if (shown === undefined || boundsOf(shown).environment !== 'production') return children;
  return (
    <section className="grid gap-3 rounded-xl border-4 border-bad p-3" aria-label={`${shown.id}, a production target`}>
      <p className="text-sm font-semibold text-pretty text-bad">
        {shown.id} is a production target: only hive verify may load it.
      </p>
      {children}
    </section>
  );
}
