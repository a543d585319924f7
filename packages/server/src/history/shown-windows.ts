import type { ScenarioDetail, Window } from '@hive/contract';
import type { Store, WindowPart } from '../store/store.js';

type Shown = Pick<ScenarioDetail, 'windows' | 'windowSeconds' | 'windowsNote'>;

/** What one answer holds at most: 2 MiB of JSON with all that is around it. */
const MOST_WINDOWS = 1_200;
const MOST_BYTES = 1.75 * 1024 * 1024;
const MINUTE_MS = 60_000;

const PAGED = 'Ask for its seconds in parts, with fromMs and toMs.';

/** The windows of a run that one answer can hold: all, or the minutes of a long or old run, or the first of the part that was asked for. */
export async function shownWindows(
  store: Pick<Store, 'listWindows' | 'listMinutes'>,
  id: string,
  part: Pick<WindowPart, 'fromMs' | 'toMs'>,
): Promise<Shown> {
  const seconds = await store.listWindows(id, { ...part, limit: MOST_WINDOWS + 1 });
  const isLong = seconds.length > MOST_WINDOWS;
  if (part.fromMs !== undefined || part.toMs !== undefined) return firstOf(seconds);
  // Where the first minute is gone, so are others.
  const mayBeOld = seconds[0] === undefined || seconds[0].fromMs >= MINUTE_MS;
  const minutes = isLong || mayBeOld ? await store.listMinutes(id) : [];
  if (isLong && minutes.length > 0)
    return thinned(minutes, `This run is long: its minutes are shown, without classes and nodes. ${PAGED}`);
  const isOld = minutes[0] !== undefined && minutes[0].fromMs < (seconds[0]?.fromMs ?? Infinity);
  if (isOld) return thinned(minutes, 'The seconds of this run are no longer kept: its minutes are shown.');
  return firstOf(seconds);
}

function firstOf(seconds: readonly Window[]): Shown {
  let bytes = 0;
  const windows = [];
  for (const window of seconds.slice(0, MOST_WINDOWS)) {
    bytes += Buffer.byteLength(JSON.stringify(window));
    if (bytes > MOST_BYTES) break;
    windows.push(window);
  }
  const next = seconds[windows.length];
  const note = next === undefined ? null : `There is more from ${next.fromMs} ms on. ${PAGED}`;
  return { windows, windowSeconds: 1, windowsNote: note };
}

function thinned(minutes: readonly Window[], note: string): Shown {
  const bytes = Buffer.byteLength(JSON.stringify(minutes));
  const every = Math.ceil(bytes / MOST_BYTES);
  const windows = minutes.filter((_, index) => index % every === 0);
  return {
    windows,
    windowSeconds: 60,
    windowsNote: every === 1 ? note : `${note} One minute in ${every} is shown.`,
  };
}
