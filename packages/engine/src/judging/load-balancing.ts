import { nodeName, type Evidence } from '@hive/contract';
import { figure } from '../figure.js';
import { judgeClauses } from './clauses.js';
import { ofGroup, type Facts, type GroupFacts, type Judge, type Judgement } from './facts.js';

/** Fewer answers than this a node, and its share says nothing. */
const LEAST_ANSWERS_A_NODE = 30;

/**
 * The objectives over all planned requests; where nodes are told apart also over each node's own, and no live node gets less than half its
 * weighted share (by least connections: none gets nothing). Jain's index is shown and not judged: nine good nodes of ten hide a dead one in
 * it. Behind one address a header may name the nodes: those that answered are judged in the same way, and all have the same weight.
 */
export const judgeLoadBalancing: Judge = (facts) => {
  if (facts.nodes.length > 1) return judgeNodes(facts);
  const { groups } = facts;
  if (groups.length === 0) return judgeClauses(facts);
  // Nobody sees a node behind one address that never answered.
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
  const worst = nodes.reduce<(typeof nodes)[number] | null>(
    (most, one) => (most === null || badShare(one.group) > badShare(most.group) ? one : most),
    null,
  );
  const starved = facts.sharesMatter === false ? null : starvedNode(facts);
  const whole: Judgement = {
    ...judged,
    evidence: withNode(judged.evidence, worst?.judged.evidence ?? null),
    findings: fairness(facts),
    ...(starved === null
      ? {}
      : { furtherEvidence: [{ type: 'verdict', expression: 'no node starves', passed: false } as const] }),
  };
  if (judged.verdict === 'failed') return whole;
  const failing = nodes.find((one) => one.judged.verdict === 'failed');
  if (failing) return { ...whole, verdict: 'failed', reason: `node ${failing.group.name}: ${failing.judged.reason}` };
  return starved === null ? whole : { ...whole, verdict: 'failed', reason: starved };
}

function badShare({ whole: { bad, counts } }: GroupFacts): number {
  return Math.max(counts.planned - counts.good, ...bad) / Math.max(1, counts.planned);
}

/** How a clause is named when it is judged over the worst node's requests alone. */
export function onWorstNode(expression: string): string {
  return `${expression} on its worst node`;
}

/** The worst node's counts stand beside those of all nodes, as clauses of their own. */
function withNode(all: Evidence | null, node: Evidence | null): Evidence | null {
  if (all?.type !== 'counts' || node?.type !== 'counts') return all;
  const clauses = node.clauses.map((clause) => ({ ...clause, expression: onWorstNode(clause.expression) }));
  return { ...all, clauses: [...all.clauses, ...clauses], blocks: joinBlocks(all, node) };
}

/** A block's number of requests is the one of all nodes: the worst node's bad ones are scaled to it by the share of its requests. */
function joinBlocks(
  all: Extract<Evidence, { type: 'counts' }>,
  node: Extract<Evidence, { type: 'counts' }>,
): NonNullable<typeof all.blocks> {
  return (all.blocks ?? []).map((block, index) => {
    const own = node.blocks?.[index];
    const scale = own && own.planned > 0 ? block.planned / own.planned : 0;
    return { ...block, bad: [...block.bad, ...node.clauses.map((_, at) => Math.round((own?.bad[at] ?? 0) * scale))] };
  });
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
      if (got === 0) return `node ${id} gave none of ${figure(answers)} good answers`;
    } else if (got < fair / 2)
      return `node ${id} gave ${figure(got)} of ${figure(answers)} good answers, less than half its share of ${figure(fair)}`;
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
