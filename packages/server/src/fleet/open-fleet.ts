import type { LoadGenerator } from '@hive/contract';
import { createFileRoll, invite, readFleetKeys, revoke, shownGenerators, startHub } from '@hive/fleet';
import type { LedFleet } from './led-fleet.js';

/** How often it is looked for changes, ms. */
const LOOK_MS = 1_000;

/**
 * Leads the fleet whose keys are in a directory, over the NATS server at `url`.
 * @throws HiveError `fleet_unreachable`, `validation` for a directory without keys.
 */
export async function openFleet({ url, directory }: { url: string; directory: string }): Promise<LedFleet> {
  const fleet = { keys: readFleetKeys(directory), roll: createFileRoll(directory), url };
  const hub = await startHub(fleet);
  const view: LedFleet['view'] = () => ({
    // Whoever may see the fleet need not see a password that the address carries.
    url: withoutUser(url),
    loadGenerators: shownGenerators(hub.all()),
  });
  const watchers = new Set<() => void>();
  return {
    view,
    load: hub.load,
    ask: hub.ask,
    async invite({ name, region }) {
      const { join, untilMs } = await invite(fleet, { name, region });
      await hub.look();
      return { name, region, join, until: new Date(untilMs).toISOString() };
    },
    async revoke(name) {
      await revoke(fleet.roll, name);
      await hub.look();
    },
    watch(changed) {
      let before = JSON.stringify(statesOf(view().loadGenerators));
      const timer = setInterval(() => {
        const now = view();
        const states = JSON.stringify(statesOf(now.loadGenerators));
        if (states === before) return;
        before = states;
        changed(now);
      }, LOOK_MS);
      const end = (): void => clearInterval(timer);
      watchers.add(end);
      return end;
    },
    async close() {
      for (const end of watchers) end();
      await hub.close();
    },
  };
}

const statesOf = (all: readonly LoadGenerator[]): string[][] =>
  all.map(({ name, region, state, joined }) => [name, region ?? '', state, String(joined)]);

function withoutUser(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}
