import { NOTHING_RAN, type TrainingStatus } from '@hive/contract';
import type { Bus } from '../../bus/bus.js';
import { decodeNews, LIVE_TOPIC } from '../../sessions/live-topic.js';
import type { SessionRunner } from '../../sessions/session-runner.js';
import { beyond } from './beyond.js';
import type { Visible } from './visible.js';

/** The runner as somebody sees it who sees these targets alone: that something else runs is known, and not what. It stops nothing else. */
export function limitedRunner(runner: SessionRunner, visible: Visible): SessionRunner {
  const status = async (): Promise<TrainingStatus> => {
    const now = await runner.status();
    if (now.target === null || (await visible.sees(now.target))) return now;
    return { ...NOTHING_RAN, running: now.running };
  };
  /** The session that runs, if it is theirs. */
  const own = async (sessionId: string | undefined): Promise<string | undefined> => {
    const { session_id } = await status();
    return sessionId ?? session_id ?? undefined;
  };
  return {
    ...runner,
    async start(order) {
      if (!(await visible.sees(order.targetId))) throw beyond();
      return runner.start(order);
    },
    async stop(sessionId) {
      const mine = await own(sessionId);
      if (mine !== undefined) await runner.stop(mine);
    },
    async stopAll() {
      const mine = await own(undefined);
      if (mine !== undefined) await runner.stop(mine);
    },
    async runAnyway(sessionId) {
      const mine = await own(sessionId);
      if (mine !== undefined) await runner.runAnyway(mine);
    },
    status,
    newestWindow() {
      const window = runner.newestWindow();
      return window !== null && visible.saw(window.targetId) ? window : null;
    },
  };
}

/** The bus whose live feed tells of visible targets alone. */
export function limitedFeed(bus: Pick<Bus, 'subscribe'>, visible: Visible): Pick<Bus, 'subscribe'> {
  return {
    async subscribe(topic, onMessage, options) {
      await visible.ids();
      const filtered: typeof onMessage = (seq, payload) => {
        const { target, session } = decodeNews(payload).addressing;
        if (target === null ? session === null : visible.saw(target)) onMessage(seq, payload);
      };
      return bus.subscribe(topic, topic === LIVE_TOPIC ? filtered : onMessage, options);
    },
  };
}
