import type { WatchState } from '../store/store.js';

/** Whether something is bad; `none`: it says nothing, so it neither opens nor closes. */
export type Sign = 'good' | 'bad' | 'none';

/** What a result makes of an incident. */
export type Turn = 'opened' | 'flapping' | 'failing' | 'closed';

/** Of this many usable results, more than {@link MOST_CHANGES} changes are flapping. */
const REMEMBERED = 21;
const MOST_CHANGES = 5;
/** This many in a row end it. */
const STEADY = 10;
const FAILING = 3;

/** Before anything was seen. */
export function unseen(at: string): WatchState {
  return { at, isOpen: false, flapping: false, recent: '' };
}

/**
 * The next result of what a rule watches. A bad one opens, `closeAfter` good ones in a row close. What changes more than 5 times in 21 flaps: it
 * stays open and nothing more is said, until 10 in a row are good, or 3 in a row are bad, which is said. Pure.
 */
export function follow(
  state: WatchState,
  seen: { at: string; sign: Sign },
  closeAfter: number,
): { state: WatchState; turn: Turn | null } {
  // Also what was seen before a restart comes once.
  if (seen.at <= state.at) return { state, turn: null };
  if (seen.sign === 'none') return { state: { ...state, at: seen.at }, turn: null };
  const recent = (state.recent + (seen.sign === 'good' ? 'g' : 'b')).slice(-REMEMBERED);
  const next = { ...state, at: seen.at, recent };
  const inRow = /(?:g+|b+)$/.exec(recent)?.[0] ?? '';
  // What is over is not held against it.
  const anew = { ...next, recent: inRow, flapping: false };
  if (state.flapping) {
    if (seen.sign === 'bad' && inRow.length >= FAILING) return { state: { ...anew, isOpen: true }, turn: 'failing' };
    if (seen.sign === 'good' && inRow.length >= STEADY) return { state: { ...anew, isOpen: false }, turn: 'closed' };
    return { state: next, turn: null };
  }
  if (changesIn(recent) > MOST_CHANGES) return { state: { ...next, isOpen: true, flapping: true }, turn: 'flapping' };
  if (seen.sign === 'bad' && !state.isOpen) return { state: { ...next, isOpen: true }, turn: 'opened' };
  if (seen.sign === 'good' && state.isOpen && inRow.length >= closeAfter)
    return { state: { ...next, isOpen: false }, turn: 'closed' };
  return { state: next, turn: null };
}

function changesIn(recent: string): number {
  return recent.match(/(?<=g)b|(?<=b)g/g)?.length ?? 0;
}
