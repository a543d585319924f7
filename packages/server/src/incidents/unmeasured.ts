import type { Rule } from '@hive/contract';
import type { Store } from '../store/store.js';

const DAY_MS = 86_400_000;

interface Looking {
  store: Store;
  nowMs: number;
  ofHive: (name: string, told: { sign: 'good' | 'bad'; summary: string; severity: Rule['severity'] }) => Promise<void>;
}

/** A schedule that ran for a day without one usable result tells nobody that its target is well: that is an incident of Hive. */
export async function lookAtSchedules({ store, nowMs, ofHive }: Looking): Promise<void> {
  const counted = await store.countUsableRuns(new Date(nowMs - DAY_MS));
  const open = await store.listIncidents({ status: 'open', limit: 500 });
  for (const { schedule, runs, usable } of counted) {
    const what = `${schedule.what.type} of ${schedule.target}`;
    if (runs > 0 && usable === 0) {
      const summary = `cannot measure: none of the ${runs} runs of the schedule ${schedule.id} (${what}) in the last day had a usable result`;
      await ofHive(`unmeasured/${schedule.id}`, { sign: 'bad', summary, severity: 'ticket' });
    } else if (usable > 0 && open.some(({ target, summary }) => target === null && summary.includes(schedule.id))) {
      const summary = `the schedule ${schedule.id} (${what}) has usable results again`;
      await ofHive(`unmeasured/${schedule.id}`, { sign: 'good', summary, severity: 'ticket' });
    }
  }
}
