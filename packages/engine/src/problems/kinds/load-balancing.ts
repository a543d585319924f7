import { figure } from '../../figure.js';
import type { KindDefinition } from '../kind-definition.js';
import { objectivesInWords, STANDARD_PLAN } from '../wording.js';

const BALANCE_WORDS = {
  round_robin: 'round robin',
  least_connections: 'least connections',
  ip_hash: 'by source address',
};

/** Open model: Poisson arrivals at a rate, spread over the target's nodes. */
export const loadBalancing: KindDefinition = {
  kind: 'load_balancing',
  whole: false,
  floor: 1,
  prior: 200,
  cap: (target) => target.safety.maxRatePerSecond,
  notApplicable: () => null,
  offeredPerSecond: (intensity) => intensity,
  build: ({ target, intensity }) => {
    const nodes = target.nodes.length;
    const over = nodes > 1 ? ` over ${nodes} nodes, ${BALANCE_WORDS[target.balance]},` : ',';
    return {
      description: `Serve ${figure(intensity)} requests/s${over} ${objectivesInWords(target.objectives)}`,
      expectedOutcomes: [
        ...target.objectives.map((objective) => `${objective} over all planned requests`),
        ...(nodes > 1 ? ['no node gets less than half its weighted share'] : []),
      ],
      plan: {
        ...STANDARD_PLAN,
        arrivals: {
          model: 'open',
          arrivals: 'poisson',
          stages: [{ durationMs: 1, fromPerSecond: intensity, toPerSecond: intensity }],
          maxConnections: target.safety.maxConnections,
          maxWaiting: 10_000,
        },
      },
    };
  },
};
