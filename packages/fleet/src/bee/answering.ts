import { randomBytes } from 'node:crypto';
import { HiveError, toHiveError } from '@hive/contract';
import { askInTurn, certificateDays, type Environment } from '@hive/engine';
import type { Msg } from '@nats-io/transport-node';
import { wantSchema, type Ask } from '../wire/asks.js';
import { commandOf, monotonicMs, read } from '../wire/messages.js';

/** How long a number waits for the order that quotes it, and how many wait at most. */
const NONCE_MS = 10_000;
const MOST_WAITING = 64;
/** Whatever it is told. */
const MOST_REQUESTS = 50;
const MOST_MS = 30_000;

interface Answering {
  id: string;
  /** Public key of the hub. */
  hub: string;
  allowTargets: readonly string[];
  environment: Environment;
  listen(about: string, act: (message: Msg) => void): void;
  say(about: string, what: unknown): void;
  log(text: string): void;
}

/** Answers checks of the hub, beside runs: a few requests, by this machine's own rules and secrets. Returns how to end that. */
export function startAnswering(options: Answering): () => void {
  const { id: bee, hub, listen, say, log } = options;
  const over = new AbortController();
  /** When each number was made, oldest first. */
  const nonces = new Map<string, number>();

  function forget(): void {
    for (const [nonce, atMs] of nonces)
      if (nonces.size >= MOST_WAITING || monotonicMs() - atMs > NONCE_MS) nonces.delete(nonce);
  }

  async function answer(ask: string, { target, count, eachWithinMs, allWithinMs }: Ask): Promise<void> {
    const { allowTargets, environment } = options;
    const { signal } = over;
    const limits = {
      count: Math.min(count, MOST_REQUESTS),
      eachWithinMs: Math.min(eachWithinMs, MOST_MS),
      allWithinMs: Math.min(allWithinMs, MOST_MS),
    };
    try {
      refuseSockets(target);
      const asked = await askInTurn({ ...limits, target, allowTargets, environment, signal });
      const days = await certificateDays(target.nodes, { allowTargets, now: Date.now() }).catch(() => null);
      say('answered', { ask, asked, certificateDays: days });
    } catch (error) {
      const known = toHiveError(error);
      log(`refused a check: ${known.message}`);
      say('not-asked', { ask, error: known.toBody() });
    }
  }

  function want(message: Msg): void {
    const wanted = read(wantSchema, message);
    if (wanted === null) return;
    forget();
    const nonce = randomBytes(16).toString('hex');
    nonces.set(nonce, monotonicMs());
    say('may', { ask: wanted.ask, nonce });
  }

  function ask(message: Msg): void {
    forget();
    // A number is good once, whatever comes of it.
    const command = commandOf(message, { hub, bee, isGood: (nonce) => nonces.delete(nonce) });
    if (command?.type === 'ask') void answer(command.ask, command.what);
  }

  listen('want', want);
  listen('ask', ask);
  return () => over.abort();
}

/** @throws HiveError `validation`: a Unix socket is on the machine that Hive runs on. */
function refuseSockets({ nodes }: Ask['target']): void {
  if (nodes.every(({ socket }) => socket === undefined)) return;
  throw new HiveError('validation', 'a Unix socket cannot be reached from load generators elsewhere', {
    hint: 'check this target from the machine that Hive runs on: "regions": "here"',
  });
}
