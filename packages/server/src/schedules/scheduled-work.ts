import {
  DEFAULT_PRECISION,
  everyMs,
  type Regions,
  type RouteParsed,
  type Schedule,
  type SessionRow,
  type Target,
} from '@hive/contract';
import type { Clock } from '@hive/engine';
import { whoMayRun, type Principal } from '../identity/principal.js';
import type { Store } from '../store/store.js';
import { findTarget } from '../targets/find-target.js';
import type { Outcome, Work } from './scheduler.js';

/** How often it is looked whether a session is over. */
const LOOK_MS = 2_000;

type Verb<Input, Output> = (actor: Principal, input: Input) => Promise<Output>;

/** What a schedule can do. The verbs are those of callers. */
interface Doing {
  store: Pick<Store, 'getTarget' | 'getSession' | 'listScenarios'>;
  clock: Clock;
  check(
    target: Target,
    asked: { scheduleId: string; everyMs: number | null; regions: Regions | 'here' | undefined; signal: AbortSignal },
  ): Promise<{ id: string; result: Outcome['result']; reason: string | null } | null>;
  startTraining: Verb<RouteParsed<'startTraining'>['body'], { sessionId: string }>;
  verifyTarget: Verb<RouteParsed<'verify'>['body'], { sessionId: string }>;
  generateScenario: Verb<RouteParsed<'generateScenario'>['body'], { id: string }>;
  executeScenario: Verb<{ id: string } & RouteParsed<'executeScenario'>['body'], { sessionId: string }>;
}

/** Does what a schedule says, as whoever may run. */
export function scheduledWork(doing: Doing): Work {
  const { store, clock, check } = doing;
  return async (schedule, { signal, told }) => {
    const actor = whoMayRun(schedule.id, `the schedule ${schedule.id}`);
    if (schedule.what.type === 'check') {
      const asked = {
        scheduleId: schedule.id,
        everyMs: everyMs(schedule.when),
        regions: schedule.what.regions,
        signal,
      };
      const found = await check(await findTarget(store, schedule.target), asked);
      if (found === null) return { result: 'interrupted', reason: 'this Hive was stopped' };
      return { result: found.result, reason: found.reason, checkId: found.id };
    }
    const sessionId = await begin(schedule, actor, doing);
    told(sessionId);
    for (;;) {
      await clock.sleep(LOOK_MS, signal);
      const session = await store.getSession(sessionId);
      if (session === null) return { result: 'invalid', reason: 'its session was deleted' };
      if (session.status !== 'running') return outcomeOf(schedule, session, store);
      if (signal.aborted) return { result: 'interrupted', reason: 'this Hive was stopped' };
    }
  };
}

/** Returns the session. @throws HiveError as the verbs do, `busy` among them. */
async function begin({ what, target, id }: Schedule, actor: Principal, doing: Doing): Promise<string> {
  const labels = { schedule: id };
  if (what.type === 'check') throw new Error('a check has no session');
  const { regions, onLostBee } = what;
  const sending = { regions, onLostBee };
  switch (what.type) {
    case 'train': {
      const { kinds, budgetSeconds } = what;
      const asked = { target, kinds, budgetSeconds, labels, continuous: false, precision: DEFAULT_PRECISION };
      return (await doing.startTraining(actor, { ...asked, ...sending })).sessionId;
    }
    case 'verify': {
      const { atPerSecond, forSeconds } = what;
      return (await doing.verifyTarget(actor, { target, atPerSecond, forSeconds, labels, ...sending })).sessionId;
    }
    case 'run': {
      const { kind, intensity } = what;
      const { id: scenario } = await doing.generateScenario(actor, { target, kind, intensity, regions });
      return (await doing.executeScenario(actor, { id: scenario, ...sending })).sessionId;
    }
  }
}

/** What a session that is over says to whoever asked for it again and again. */
async function outcomeOf(schedule: Schedule, session: SessionRow, store: Doing['store']): Promise<Outcome> {
  const reason = session.end_reason;
  if (session.end_code === 'target_unreachable') return { result: 'fail', reason };
  if (session.status !== 'completed') return { result: 'invalid', reason };
  if (schedule.what.type === 'train') return { result: 'pass', reason };
  if (schedule.what.type === 'verify') {
    const answers = { yes: 'pass', no: 'fail', undecided: 'invalid' } as const;
    return { result: session.answer === null ? 'invalid' : answers[session.answer], reason };
  }
  const [run] = (await store.listScenarios({ session: session.id, limit: 1 })).rows;
  const verdicts: Record<string, Outcome['result']> = { passed: 'pass', failed: 'fail' };
  return { result: verdicts[run?.verdict ?? ''] ?? 'invalid', reason: run?.reason ?? reason };
}
