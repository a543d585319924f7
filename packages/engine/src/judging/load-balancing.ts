import { figure } from '../figure.js';
import { judgeClauses } from './clauses.js';
import type { Facts, Judge } from './facts.js';

/** Fewer answers than this a node, and its share says nothing. */
const LEAST_ANSWERS_A_NODE = 30;

/** The objectives over all planned requests; with several nodes also that none gets less than half its weighted share. */
export const judgeLoadBalancing: Judge = (facts) => {
  const judged = judgeClauses(facts);
  const starved = judged.verdict === 'passed' ? starvedNode(facts) : null;
  return starved === null ? judged : { ...judged, verdict: 'failed', reason: starved };
};

function starvedNode({ nodes, answersByNode }: Facts): string | null {
  const answers = Object.values(answersByNode).reduce((sum, count) => sum + count, 0);
  if (nodes.length < 2 || answers < LEAST_ANSWERS_A_NODE * nodes.length) return null;
  const weights = nodes.reduce((sum, node) => sum + node.weight, 0);
  for (const node of nodes) {
    const id = node.id ?? node.url;
    const fair = (answers * node.weight) / weights;
    const got = answersByNode[id] ?? 0;
    if (got < fair / 2)
      return `node ${id} gave ${figure(got)} of ${figure(answers)} good answers, less than half its share of ${figure(fair)}`;
  }
  return null;
}
