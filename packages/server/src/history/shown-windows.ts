import type { ScenarioDetail, Window } from '@hive/contract';
import { bytesOf, countFitting } from '../answer-size.js';
import type { Store, WindowPart } from '../store/store.js';

type Shown = Pick<ScenarioDetail, 'windows' | 'windowSeconds' | 'windowsNote'>;

/** More are not looked at: an answer has no room for them. */
const MOST_WINDOWS = 1_200;
/** Beside the windows there are their note, and the commas between them. */
const BESIDE_BYTES = 4 * 1024;
/** However large the run is otherwise. */
const LEAST_BYTES = 64 * 1024;
const MINUTE_MS = 60_000;

const PAGED = 'Ask for its seconds in parts, with fromMs and toMs.';

/** The windows of a run for which an answer has `room` (bytes): all, or the minutes of a long or old run, or the first of the part that was asked for. */
export async function shownWindows(
  store: Pick<Store, 'listWindows' | 'listMinutes'>,
  id: string,
  { room, ...part }: Pick<WindowPart, 'fromMs' | 'toMs'> & { room: number },
): Promise<Shown> {
  const bytes = Math.max(LEAST_BYTES, room - BESIDE_BYTES);
  const seconds = await store.listWindows(id, { ...part, limit: MOST_WINDOWS + 1 });
  const isLong = seconds.length > MOST_WINDOWS;
  if (part.fromMs !== undefined || part.toMs !== undefined) return firstOf(seconds, bytes);
  // Where the first minute is gone, so are others.
  const mayBeOld = seconds[0] === undefined || seconds[0].fromMs >= MINUTE_MS;
  const minutes = isLong || mayBeOld ? await store.listMinutes(id) : [];
  if (isLong && minutes.length > 0)
    return thinned(minutes, bytes, `This run is long: its minutes are shown, without classes and nodes. ${PAGED}`);
  const isOld = minutes[0] !== undefined && minutes[0].fromMs < (seconds[0]?.fromMs ?? Infinity);
  if (isOld) return thinned(minutes, bytes, 'The seconds of this run are no longer kept: its minutes are shown.');
  return firstOf(seconds, bytes);
}

async function firstOf(seconds: readonly Window[], bytes: number): Promise<Shown> {
  const first = seconds.slice(0, MOST_WINDOWS);
  const windows = first.slice(0, await countFitting(first, bytes));
  const next = seconds[windows.length];
  const note = next === undefined ? null : `There is more from ${next.fromMs} ms on. ${PAGED}`;
  return { windows, windowSeconds: 1, windowsNote: note };
}

function thinned(minutes: readonly Window[], bytes: number, note: string): Shown {
  const every = Math.ceil(bytesOf(minutes) / bytes);
  const windows = minutes.filter((_, index) => index % every === 0);
  return {
    windows,
    windowSeconds: 60,
    windowsNote: every === 1 ? note : `${note} One minute in ${every} is shown.`,
  };
}
