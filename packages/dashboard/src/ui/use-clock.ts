'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** The time, ms, in steps; null while the server paints and the page wakes up, as the server's clock is not the reader's. */
export function useClock(stepMs: number): number | null {
  const subscribe = useCallback(
    (changed: () => void) => {
      const timer = setInterval(changed, stepMs);
      return () => clearInterval(timer);
    },
    [stepMs],
  );
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / stepMs) * stepMs,
    () => null,
  );
}
