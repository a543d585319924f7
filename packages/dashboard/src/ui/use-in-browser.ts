'use client';

import { useSyncExternalStore } from 'react';

const nothingChanges = () => () => undefined;

/** False while the server paints and the page wakes up, then true: for what only the reader's browser knows. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    nothingChanges,
    () => true,
    () => false,
  );
}
