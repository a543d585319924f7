import { figure } from '../../figure.js';
import type { KindDefinition } from '../kind.js';
import { openAt } from '../requests.js';
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
  scale: 'ln',
  evidence: 'counts',
  fixedTimes: false,
  floor: 1,
  prior: 200,
  cap: (target) => target.safety.maxRatePerSecond,
  notApplicable: () => null,
  offeredPerSecond: (intensity) => intensity,
  build: ({ target, intensity }) => {
    const nodes = target.nodes.length;
    const { nodeHeader } = target;
    const isApart = nodes > 1 || nodeHeader !== null;
    const over = nodes > 1 ? ` over ${nodes} nodes, ${BALANCE_WORDS[target.balance]},` : ',';
    return {
      description: `Serve ${figure(intensity)} requests/s${over} ${objectivesInWords(target.objectives)}`,
      expectedOutcomes: [
        ...target.objectives.map((objective) => `${objective} over all planned requests`),
        ...(isApart
          ? ["each node's own requests keep them too", 'no node gets less than half its weighted share']
          : ['nodes are not judged apart: name several, or the nodeHeader of a balancer']),
      ],
      plan: {
        ...STANDARD_PLAN,
        arrivals: openAt(intensity, target),
        ...(isApart ? { groupBy: 'node' as const } : {}),
      },
    };
  },
};
