import type { Random } from '../random.js';
import type { ResolvedNode } from '../http1/nodes.js';

/** Chooses the node of the next request. `loads`: requests in flight or waiting, by node. */
export type Balance = (loads: Uint32Array) => number;

/** Clients whose addresses `ip_hash` pretends to see. */
const SOURCES = 1_000;

/** How requests are spread over nodes with weights. */
export function createBalance(
  method: 'round_robin' | 'least_connections' | 'ip_hash',
  nodes: readonly Pick<ResolvedNode, 'weight'>[],
  random: Random,
): Balance {
  if (nodes.length === 1) return () => 0;
  const weights = nodes.map(({ weight }) => weight);
  if (method === 'round_robin') return roundRobin(weights);
  return method === 'least_connections' ? leastConnections(weights) : ipHash(weights, random);
}

/** Smooth weighted round robin, as nginx has it: every node gains its weight, the richest is chosen and pays the sum. */
function roundRobin(weights: readonly number[]): Balance {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const credits = new Float64Array(weights.length);
  return () => {
    let best = 0;
    for (let node = 0; node < weights.length; node++) {
      credits[node]! += weights[node]!;
      if (credits[node]! > credits[best]! + 1e-9) best = node;
    }
    credits[best]! -= total;
    return best;
  };
}

/** The node with the fewest requests for its weight; among equals the next in turn. */
function leastConnections(weights: readonly number[]): Balance {
  let turn = 0;
  return (loads) => {
    let best = turn;
    for (let step = 1; step < weights.length; step++) {
      const node = (turn + step) % weights.length;
      if (loads[node]! / weights[node]! < loads[best]! / weights[best]!) best = node;
    }
    turn = (best + 1) % weights.length;
    return best;
  };
}

/** Each of many pretended clients always comes to the same node. */
function ipHash(weights: readonly number[], random: Random): Balance {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return () => {
    let place = (((random.integer(SOURCES) * 0x9e37_79b1) >>> 0) / 0x1_0000_0000) * total;
    let node = 0;
    while (node < weights.length - 1 && place >= weights[node]!) place -= weights[node++]!;
    return node;
  };
}
