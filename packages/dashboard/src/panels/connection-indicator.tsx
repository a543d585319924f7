'use client';

import type { ConnectionState } from '../live/connection';
import { useLive } from '../live/feed-provider';

const SAID = {
  connecting: { text: 'Connecting', dot: 'bg-line-strong', hint: 'Opening the live feed' },
  live: { text: 'Live', dot: 'bg-good', hint: 'Figures arrive as they are measured' },
  reconnecting: {
    text: 'Reconnecting',
    dot: 'bg-honey motion-safe:animate-pulse',
    hint: 'The live feed was lost; trying again',
  },
  offline: {
    text: 'Offline',
    dot: 'bg-bad',
    hint: 'The API does not answer; still trying. The figures shown are the last ones received',
  },
} as const satisfies Record<ConnectionState, object>;

/** Whether what is on the screen is live. */
export function ConnectionIndicator() {
  const { text, dot, hint } = SAID[useLive(({ connection }) => connection)];
  return (
    <output
      title={hint}
      className="inline-flex h-8 items-center gap-2 rounded-full border border-line bg-surface px-3 text-xs font-medium"
    >
      <span aria-hidden="true" className={`size-2 rounded-full ${dot}`} />
      {text}
    </output>
  );
}
