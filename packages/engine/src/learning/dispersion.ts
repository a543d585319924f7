import type { Block } from './stopping.js';

const MOST = 8;

/**
 * φ: by how much counts vary more than independent requests would. From the variance of blocks of ½ s up to a quarter of the run, shrunk
 * towards 1 where blocks are few, at most 8 (quasi-binomial; Wedderburn 1974). Bad requests that come in fewer than three clusters count
 * as one event a cluster. `requests`: how many the clause counts; where that is one node's, the blocks are scaled to all nodes' requests, and
 * scaled requests would vary more than real ones.
 */
export function dispersion(blocks: readonly Block[], clause: number, requests: number): number {
  const all = blocks.reduce((sum, block) => sum + block.n, 0);
  const part = all > 0 ? requests / all : 1;
  const counts = blocks.map((block) => ({ n: part * block.n, bad: part * (block.bad[clause] ?? 0) }));
  const n = counts.reduce((sum, one) => sum + one.n, 0);
  const bad = counts.reduce((sum, one) => sum + one.bad, 0);
  if (bad === 0 || n === 0) return 1;
  let most = 1;
  for (let width = 1; width * 4 <= counts.length; width *= 2)
    most = Math.max(most, ratio(merge(counts, width), bad / n));
  const inClusters = clusters(counts);
  return inClusters < 3 ? Math.max(Math.min(most, MOST), bad / inClusters) : Math.min(most, MOST);
}

function ratio(counts: readonly { n: number; bad: number }[], share: number): number {
  const spread = Math.max(share * (1 - share), 1e-9);
  let sum = 0;
  let used = 0;
  for (const { n, bad } of counts) {
    if (n === 0) continue;
    sum += (bad - share * n) ** 2 / (n * spread);
    used += 1;
  }
  if (used < 2) return 1;
  const raw = sum / (used - 1);
  return 1 + (raw - 1) * (used / (used + 4));
}

function merge(counts: readonly { n: number; bad: number }[], width: number): { n: number; bad: number }[] {
  const merged: { n: number; bad: number }[] = [];
  for (let i = 0; i + width <= counts.length; i += width) {
    const part = counts.slice(i, i + width);
    merged.push({ n: part.reduce((sum, one) => sum + one.n, 0), bad: part.reduce((sum, one) => sum + one.bad, 0) });
  }
  return merged;
}

/** Runs of neighbouring blocks with bad requests in them; long runs count once a second. */
function clusters(counts: readonly { bad: number }[]): number {
  return (
    counts.reduce(
      (found, { bad }, i) => (bad > 0 && ((counts[i - 1]?.bad ?? 0) === 0 || i % 2 === 0) ? found + 1 : found),
      0,
    ) || 1
  );
}
