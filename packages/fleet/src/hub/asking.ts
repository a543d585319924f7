import { randomBytes } from 'node:crypto';
import { HiveError, type Regions } from '@hive/contract';
import type { AskedInTurn } from '@hive/engine';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { toBytes } from '../joining/connection.js';
import { errorOf } from '../joining/membership.js';
import { beeSubject, idOf } from '../keys/subjects.js';
import { answeredSchema, maySchema, notAskedSchema, type Ask } from '../wire/asks.js';
import { read, signed } from '../wire/messages.js';
import type { Present } from './presence.js';
import { NO_REGION } from './swarm.js';

/** From the first word to the last, beside what the requests themselves may take. */
const ON_THE_WAY_MS = 5_000;

/** What one region saw of a target, or why nothing. */
export type AskedFrom = { region: string } & (
  { asked: AskedInTurn[]; certificateDays: number | null } | { error: HiveError }
);

type Answer = { asked: AskedInTurn[]; certificateDays: number | null };

interface Waiting {
  bee: Present;
  what: Ask;
  settle(answer: Answer | HiveError): void;
}

interface Asking {
  connection: NatsConnection;
  hubSeed: string;
  all(): Present[];
  isRevoked(id: string): boolean;
}

/** Has one load generator of each region ask a target for a few things: whoever is idle, else one that sends something else. */
export function startAsking(options: Asking): (regions: Regions, what: Ask) => Promise<AskedFrom[]> {
  const { connection, hubSeed, all, isRevoked } = options;
  const waiting = new Map<string, Waiting>();

  const listen = (about: string, hear: (one: Waiting, message: Msg) => void): void => {
    connection.subscribe(beeSubject('*', about), {
      callback: (problem, message) => {
        const one = problem === null ? waiting.get(askIn(message)) : undefined;
        const id = idOf(message.subject) ?? '';
        if (one !== undefined && one.bee.member.id === id && !isRevoked(id)) hear(one, message);
      },
    });
  };
  listen('may', ({ bee, what }, message) => {
    const may = read(maySchema, message);
    if (may === null) return;
    const command = { type: 'ask', bee: bee.member.id, nonce: may.nonce, ask: may.ask, what } as const;
    connection.publish(beeSubject(bee.member.id, 'ask'), signed(command, hubSeed));
  });
  listen('answered', ({ settle }, message) => {
    const answer = read(answeredSchema, message);
    if (answer !== null) settle(answer);
  });
  listen('not-asked', ({ settle }, message) => settle(errorOf(read(notAskedSchema, message)?.error)));

  async function askOne(region: string, bee: Present | undefined, what: Ask): Promise<AskedFrom> {
    if (bee === undefined || connection.isClosed())
      return { region, error: unheard(`no load generator of ${region} is there`) };
    const ask = randomBytes(8).toString('hex');
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answer | HiveError>((settle) => {
      waiting.set(ask, { bee, what, settle });
      timer = setTimeout(() => settle(unheard(`${bee.member.name} did not answer`)), what.allWithinMs + ON_THE_WAY_MS);
      connection.publish(beeSubject(bee.member.id, 'want'), toBytes({ ask }));
    });
    clearTimeout(timer);
    waiting.delete(ask);
    return answer instanceof HiveError ? { region, error: answer } : { region, ...answer };
  }

  return (regions, what) => {
    const there = all().filter(({ state }) => state === 'idle' || state === 'busy');
    const names = regions === 'all' ? [...new Set(there.map(regionOf))] : Object.keys(regions);
    const best = (region: string): Present | undefined => {
      const own = there.filter((one) => regionOf(one) === region);
      return own.find(({ state }) => state === 'idle') ?? own[0];
    };
    if (names.length === 0)
      return Promise.resolve([{ region: NO_REGION, error: unheard('no load generator is there') }]);
    return Promise.all(names.map((region) => askOne(region, best(region), what)));
  };
}

const regionOf = ({ member }: Present): string => member.region ?? NO_REGION;
const unheard = (text: string): HiveError =>
  new HiveError('fleet_unreachable', text, { hint: 'see the page Load generators, or GET /api/fleet' });

function askIn(message: Msg): string {
  try {
    return message.json<{ ask?: string } | null>()?.ask ?? '';
  } catch {
    return '';
  }
}
