import { HiveError } from '@hive/contract';
import type { WireOrder } from '../wire/messages.js';

/** What a load generator never exceeds, whatever it is told. */
export interface Caps {
  /** Requests/s of its own share; in a closed model there is no plan to check, so its own pace is capped. */
  maxRate: number;
  /** Connections of its own share. */
  maxConnections: number;
  maxSeconds: number;
}

/**
 * Refuses an order that asks for more than this machine's owner allows.
 * @throws HiveError `refused_by_safety` naming the cap.
 */
export function checkCaps({ arrivals, warmupMs, durationMs, nodes, split }: WireOrder, caps: Caps): void {
  const total = split?.weights.reduce((sum, weight) => sum + weight, 0) ?? 1;
  const share = (split?.weights[split.index] ?? 1) / total;
  const seconds = (warmupMs + durationMs) / 1_000;
  if (!(seconds <= caps.maxSeconds)) throw over('--max-seconds', `${seconds} s`, caps.maxSeconds);
  const connections = Math.floor(
    share * (arrivals.model === 'closed' ? arrivals.connections : arrivals.maxConnections),
  );
  if (!(connections <= caps.maxConnections))
    throw over('--max-connections', `${connections} connections`, caps.maxConnections);
  if (arrivals.model === 'open') {
    const rate = share * Math.max(...arrivals.stages.flatMap((stage) => [stage.fromPerSecond, stage.toPerSecond]));
    if (!(rate <= caps.maxRate)) throw over('--max-rate', `${Math.ceil(rate)} requests/s`, caps.maxRate);
  }
  if (nodes.some(({ socket, via }) => socket !== undefined || via !== undefined)) {
    throw new HiveError('refused_by_safety', 'a Unix socket or a fault proxy is on one machine, and this is another', {
      hint: 'run this kind of test from the machine that Hive runs on',
    });
  }
}

/** The closed model has no planned rate: it is held to the cap while it runs. */
export function withinRate(order: WireOrder, { maxRate }: Caps): WireOrder {
  const { arrivals, split } = order;
  if (arrivals.model === 'open' || maxRate === Infinity) return order;
  const total = split?.weights.reduce((sum, weight) => sum + weight, 0) ?? 1;
  const share = (split?.weights[split.index] ?? 1) / total;
  // The order's cap is that of all parts together.
  return {
    ...order,
    arrivals: { ...arrivals, maxPerSecond: Math.min(arrivals.maxPerSecond ?? Infinity, maxRate / share) },
  };
}

function over(option: string, asked: string, cap: number): HiveError {
  return new HiveError('refused_by_safety', `${asked} is more than this load generator allows (${option} ${cap})`, {
    hint: `its owner can start it with another ${option}, or use more load generators`,
  });
}
