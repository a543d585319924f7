'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { readVisits, visit, writeVisits, type Visits } from './last-visit';

const KEY = 'hive-visits';
const EVERY_MS = 60_000;
const listeners = new Set<() => void>();

/** Null where the browser keeps nothing. */
function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(visits: Visits): void {
  try {
    localStorage.setItem(KEY, writeVisits(visits));
  } catch {
    // Who lets nothing be kept is told nothing.
  }
  for (const listener of listeners) listener();
}

/** Notes that a page is open, on every page. */
export function useVisits(): void {
  useEffect(() => {
    const note = (): void => keep(visit(readVisits(kept()), Date.now()));
    note();
    const timer = setInterval(note, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
}

/** Since when one was away, ms, and how it is put away; null: one was not away for long. */
export function useAwaySince(): { since: number; forget: () => void } | null {
  const since = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => readVisits(kept())?.since ?? null,
    () => null,
  );
  if (since === null) return null;
  return { since, forget: () => keep({ seenAt: Date.now(), since: null }) };
}
