import { nodeName, type Evidence } from '@hive/contract';
import { figure } from '../../figure.js';
import { brokenClauses, failedRule, judgeClauses } from '../../judging/clauses.js';
import { ofGroup, type Facts, type GroupFacts, type Judge, type Judgement, type Stretch } from '../../judging/facts.js';

/** With fewer answers per node than this, a node's share says nothing. */
const LEAST_ANSWERS_A_NODE = 30;

/**
 * The objectives over all planned requests; where nodes are told apart also over each node's own, and no live node gets less than half its
 * weighted share (by least connections: none gets nothing). Jain's index is shown and not judged: nine good nodes of ten hide a dead one.
 * Behind one address a header may name the nodes: those that answered are judged in the same way, and all have the same weight.
 */
export const judgeLoadBalancing: Judge = (facts) => {
  if (facts.nodes.length > 1) return judgeNodes(facts);
  const { groups, nodeHeader } = facts;
  if (nodeHeader === null) return judgeClauses(facts);
  if (groups.length === 0) {
    // No answer names a node: all of them count as one.
    const judged = judgeClauses(facts);
    const all = { group: { ...facts, name: 'all' }, judged };
    return { ...judged, evidence: withWorstNodes(judged.evidence, [all], facts.stretches) };
  }
  // A node behind one address that never answered is invisible.
  const { findings = [], ...judged } = judgeNodes({
    ...facts,
    nodes: groups.map(({ name }) => ({ id: name, url: facts.nodes[0]?.url ?? '', weight: 1 })),
    answersByNode: Object.fromEntries(groups.map(({ name, whole }) => [name, whole.counts.good])),
    sharesMatter: facts.balance !== 'ip_hash',
  });
  const named = `${groups.length} ${groups.length === 1 ? 'node' : 'nodes'} answered: ${groups.map(({ name }) => name).join(', ')}`;
  return { ...judged, findings: [named, ...findings] };
};

/** `sharesMatter`: false where all that Hive sends comes from one address, and by that address goes to one node. */
function judgeNodes(facts: Facts & { sharesMatter?: boolean }): Judgement {
  const judged = judgeClauses(facts);
  const nodes = facts.groups.map((group) => ({ group, judged: judgeClauses(ofGroup(facts, group)) }));
  const evidence = withWorstNodes(judged.evidence, nodes, facts.stretches);
  const failing = nodes.find((one) => one.judged.verdict === 'failed');
  const starved = facts.sharesMatter === false ? null : starvedNode(facts);
  const isCounted = brokenClauses(evidence).length > 0;
  const broken = isCounted ? [] : new Set(nodes.flatMap((one) => brokenOf(one.judged)));
  const further = [
    ...(judged.furtherEvidence ?? []),
    ...[...broken].map((expression) => failedRule(onWorstNode(expression))),
    ...(starved === null ? [] : [failedRule('no node starves')]),
  ];
  const whole: Judgement = {
    ...judged,
    evidence,
    findings: fairness(facts),
    ...(further.length === 0 ? {} : { furtherEvidence: further }),
  };
  if (judged.verdict === 'failed') return whole;
  if (failing) return { ...whole, verdict: 'failed', reason: `node ${failing.group.name}: ${failing.judged.reason}` };
  return starved === null ? whole : { ...whole, verdict: 'failed', reason: starved };
}

/** The clauses that failed, but those about a throughput. One that is undecided has not. */
function brokenOf({ evidence, furtherEvidence = [], objectives }: Judgement): string[] {
  const further = furtherEvidence.flatMap((one) => (one.type === 'verdict' ? [one.expression] : []));
  const failed = objectives.flatMap(({ expression, outcome }) => (outcome === 'failed' ? [expression] : []));
  return [...brokenClauses(evidence), ...further].filter((expression) => failed.includes(expression));
}

type CountsEvidence = Extract<Evidence, { type: 'counts' }>;

/** How a clause is named when it is judged over the worst node's requests alone. */
export function onWorstNode(expression: string): string {
  return `${expression} on its worst node`;
}

/** A node as it was judged by itself. */
interface JudgedNode {
  group: GroupFacts;
  judged: Judgement;
}

/** The worst node's counts stand beside those of all nodes, as clauses of their own. Each clause has its own worst node. */
function withWorstNodes(
  all: Evidence | null,
  nodes: readonly JudgedNode[],
  stretches: readonly Stretch[],
): Evidence | null {
  if (all?.type !== 'counts') return all;
  const counted = nodes.flatMap(({ group, judged: { evidence } }) =>
    evidence?.type === 'counts' ? [{ stretches: group.stretches, evidence }] : [],
  );
  if (counted.length === 0) return all;
  const worst = all.clauses.map((clause, j) => {
    const badness = ({ evidence }: (typeof counted)[number]): number => likelyShare(evidence.clauses[j], clause);
    const node = counted.reduce((most, one) => (badness(one) > badness(most) ? one : most));
    return { clause: node.evidence.clauses[j] ?? clause, blocks: blocksOf(node, j, stretches) };
  });
  return {
    ...all,
    clauses: [
      ...all.clauses,
      ...worst.map(({ clause }) => ({ ...clause, expression: onWorstNode(clause.expression) })),
    ],
    blocks: (all.blocks ?? []).map((block, index) => ({
      ...block,
      bad: [...block.bad, ...worst.map(({ blocks }) => scaled(blocks[index], block.planned))],
    })),
  };
}

/**
 * A node's share of bad requests as far as its number tells it, the others of the run counting as 1 ÷ p* requests more: one that gave a
 * single answer is not the worst because that was bad.
 */
function likelyShare(
  node: CountsEvidence['clauses'][number] | undefined,
  all: CountsEvidence['clauses'][number],
): number {
  const { bad, planned } = node ?? { bad: 0, planned: 0 };
  const others = 1 / Math.max(all.allowedShare, 1e-6);
  return (bad + others * (all.bad / all.planned)) / (planned + others);
}

/** What a node had in each stretch of the run: one that was named late has fewer stretches of its own. */
function blocksOf(
  node: { stretches: readonly Stretch[]; evidence: CountsEvidence },
  clause: number,
  stretches: readonly Stretch[],
): { bad: number; planned: number }[] {
  const blocks = stretches.map(() => ({ bad: 0, planned: 0 }));
  for (const [index, { endMs, seconds }] of node.stretches.entries()) {
    const middleMs = endMs - seconds * 500;
    const own = node.evidence.blocks?.[index];
    const block = blocks[stretches.findIndex((one) => middleMs <= one.endMs)];
    if (own === undefined || block === undefined) continue;
    block.bad += own.bad[clause] ?? 0;
    block.planned += own.planned;
  }
  return blocks;
}

/** A block's number of requests is the one of all nodes: the worst node's bad ones are scaled to it by the share of its requests. */
function scaled(own: { bad: number; planned: number } | undefined, planned: number): number {
  return own === undefined || own.planned === 0 ? 0 : Math.round((own.bad * planned) / own.planned);
}

function starvedNode({ nodes, answersByNode, balance, groups }: Facts): string | null {
  const answers = total(answersByNode);
  // Where requests are counted by the node that was asked, that is what counts: a header may know the node by another name.
  const goodOf = (id: string): number =>
    groups.find(({ name }) => name === id)?.whole.counts.good ?? answersByNode[id] ?? 0;
  if (nodes.length < 2 || answers < LEAST_ANSWERS_A_NODE * nodes.length) return null;
  const weights = nodes.reduce((sum, node) => sum + node.weight, 0);
  for (const node of nodes) {
    const id = nodeName(node);
    const fair = (answers * node.weight) / weights;
    const got = goodOf(id);
    if (balance === 'least_connections') {
      if (got === 0) return `node ${id} gave none of the ${figure(answers)} good answers`;
    } else if (got < fair / 2)
      return `node ${id} gave ${figure(got)} of the ${figure(answers)} good answers, less than half of its fair share (${figure(fair)})`;
  }
  return null;
}

/** Jain's index (Jain, Chiu and Hawe, 1984): 1 is fair, 1 ÷ n is one node for all. */
function fairness({ answersByNode, nodes }: Facts): string[] {
  const named = Object.values(answersByNode);
  // A node that never answered is named by nobody, and is what the index is for.
  const counts = [...named, ...Array.from({ length: Math.max(0, nodes.length - named.length) }, () => 0)];
  const squares = counts.reduce((sum, count) => sum + count * count, 0);
  if (counts.length < 2 || squares === 0) return [];
  return [
    `Jain's fairness index over ${counts.length} nodes: ${figure(total(answersByNode) ** 2 / (counts.length * squares))}`,
  ];
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
