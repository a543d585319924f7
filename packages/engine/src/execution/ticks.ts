import { HiveError } from '@hive/contract';
import type { Load, LoadOrder, Tick, TickPart } from '../measuring.js';
import { createMask, type Mask } from '../safety/mask.js';
import type { Environment } from '../safety/secrets.js';
import type { Safeguards } from './guarding/safeguards.js';

/** As many as a target may have: a header with another value in each answer names no nodes. */
const MOST_NAMES = 64;
/** What answers of all other names are counted under. */
const OTHERS = '(others)';

/** One order to be run. Whoever runs it says whether anything watches over it. */
export interface OrderRun {
  load: Load;
  order: LoadOrder;
  signal: AbortSignal;
  safeguards: Safeguards | undefined;
}

/** Runs one order to its end and hands each tick to `gather` before it is seen: the one place where a load runs. */
export async function* ticksOf(run: OrderRun, gather: { add(tick: Tick): void }): AsyncGenerator<Tick, void> {
  const { load, signal, safeguards } = run;
  const allowance = safeguards?.allowance;
  const tokens = await safeguards?.authorization?.ready(run.order.warmupMs + run.order.durationMs);
  if (tokens !== undefined && load.fillsIn === true) throw notInFleets();
  const order = { ...run.order, ...(allowance && { allowance }), ...(tokens && { tokens }) };
  const name = namesIn(order);
  for await (const raw of load.run(order, signal)) {
    safeguards?.look();
    safeguards?.authorization?.look(raw);
    const tick = name === null ? raw : { ...raw, parts: raw.parts.map((part) => named(part, name)) };
    gather.add(tick);
    yield tick;
  }
}

function notInFleets(): HiveError {
  return new HiveError(
    'validation',
    'a target with auth cannot be loaded by a fleet: its tokens stay on this machine',
    {
      hint: 'leave out --fleet',
    },
  );
}

/** Takes out of the texts of errors whatever a target was sent as a secret, for it may send it back. */
export function hidingSecrets(sent: Parameters<typeof createMask>[0], environment: Environment): (tick: Tick) => Tick {
  const mask = createMask(sent, environment);
  const hidden = (text: string | null): string | null => text && mask(text);
  return (tick) => ({
    ...tick,
    parts: tick.parts.map((part) =>
      part.examples === undefined
        ? part
        : {
            ...part,
            examples: part.examples.map((one) => ({ ...one, inWords: hidden(one.inWords), came: hidden(one.came) })),
          },
    ),
  });
}

/** What is kept of the names that answers give their nodes, without what the target was sent as a secret; null: none are read. */
function namesIn(order: LoadOrder): Mask | null {
  if (order.readHeaders?.node === undefined) return null;
  const mask = createMask(order);
  const known = new Set<string>();
  return (text) => {
    const name = mask(text);
    if (!known.has(name) && known.size >= MOST_NAMES) return OTHERS;
    known.add(name);
    return name;
  };
}

function named(part: TickPart, name: Mask): TickPart {
  const nodes: TickPart['nodes'] = {};
  for (const [text, count] of Object.entries(part.nodes)) {
    const kept = name(text);
    nodes[kept] = (nodes[kept] ?? 0) + count;
  }
  if (part.namedNodes === undefined) return { ...part, nodes };
  // One that was masked is judged no more than one that was not named.
  const apart = Object.entries(part.namedNodes).filter(([text]) => name(text) === text);
  return { ...part, nodes, namedNodes: Object.fromEntries(apart) };
}
