import type { Target } from '@hive/contract';
import { figure } from '../../figure.js';
import { groupsByPlan } from '../groups.js';
import type { KindDefinition, Standard } from '../kind.js';
import { openAt } from '../requests.js';
import { byObjectives } from '../standard.js';
import { objectivesInWords, STANDARD_PLAN } from '../wording.js';
import { judgeLoadBalancing, onWorstNode } from './judge.js';

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
  floor: 1,
  prior: 200,
  cap: (target) => target.safety.maxRatePerSecond,
  cappedBy: 'maxRatePerSecond',
  notApplicable: () => null,
  offeredPerSecond: (intensity) => intensity,
  isSentRate: true,
  mayChirp: true,
  besideBaseLoad: false,
  plainRun: 'open',
  budgetPlace: 1,

  fixedTimes: false,
  leastMs: 0,
  longRunSeconds: 60,
  build: ({ target, intensity }) => {
    const nodes = target.nodes.length;
    const { nodeHeader } = target;
    const isApart = nodes > 1 || nodeHeader !== null;
    const over = nodes > 1 ? ` over ${nodes} nodes (${BALANCE_WORDS[target.balance]})` : '';
    return {
      description: `Serve ${figure(intensity)} requests/s${over} with ${objectivesInWords(target.objectives)}`,
      expectedOutcomes: [
        ...target.objectives.map((objective) => `${objective} over all planned requests`),
        ...(isApart
          ? ['the requests of each node meet them too', 'no node gets less than half of its weighted share']
          : ['nodes are not judged separately: name several, or the nodeHeader of a load balancer']),
      ],
      plan: {
        ...STANDARD_PLAN,
        arrivals: openAt(intensity, target),
        ...(isApart ? { groupBy: 'node' as const } : {}),
      },
    };
  },
  groups: groupsByPlan,
  certainBy: 'all requests',

  evidence: 'counts',
  judgedBy: 'objectives',
  standard: (asked) => withWorstNode(byObjectives(asked), asked.target),
  judge: judgeLoadBalancing,
  findings: () => [],
  badness: 'load',
};

/** Where nodes are told apart, each clause counts for the worst of them too. */
function withWorstNode({ objectives, clauses }: Standard, { nodes, nodeHeader }: Target): Standard {
  if (nodes.length === 1 && nodeHeader === null) return { objectives, clauses };
  const ofWorst = clauses.map((clause) => ({ ...clause, expression: onWorstNode(clause.expression) }));
  return { objectives, clauses: [...clauses, ...ofWorst] };
}
