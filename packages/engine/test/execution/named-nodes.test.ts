import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toTarget, type ScenarioResult } from '@hive/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { itSlow } from '../../../../test/slow.js';
import { createThreadLoad } from '../../src/threads/thread-load.js';
import { tryOut, verdictOf } from './practice-process.js';

// Several nodes behind one address, told apart by a header alone.

const one = createThreadLoad();
const three = createThreadLoad({ threads: 3 });
afterAll(() => Promise.all([one.close(), three.close()]));

interface Node {
  name: string;
  ms?: number;
  status?: number;
}

/** Requests one after another go to the next of these. */
async function behind(turns: readonly Node[], balance?: 'ip_hash' | 'least_connections') {
  const served: Record<string, number> = {};
  let turn = 0;
  const server = createServer((_, response) => {
    const { name, ms = 0, status = 200 } = turns[turn++ % turns.length] as Node;
    served[name] = (served[name] ?? 0) + 1;
    setTimeout(() => response.writeHead(status, { 'X-Served-By': name }).end('ok'), ms);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    served,
    target: toTarget(
      { url, nodeHeader: 'x-served-by', objectives: ['p(90)<150', 'rate<0.1'], ...(balance ? { balance } : {}) },
      'balanced',
    ),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

type Behind = Awaited<ReturnType<typeof behind>>;

async function judged(balanced: Behind, load = one): Promise<ScenarioResult> {
  try {
    const { target } = balanced;
    const plan = { warmupMs: 0, durationMs: 1_500 };
    return await tryOut({ target, kind: 'load_balancing', intensity: 200, load, plan });
  } finally {
    balanced.close();
  }
}

const [a, b, c] = [{ name: 'a' }, { name: 'b' }, { name: 'c' }] as const;

describe('nodes behind one address', () => {
  const countedApart = async (load: typeof one): Promise<void> => {
    const balanced = await behind([a, b, c]);
    const result = await judged(balanced, load);
    expect(verdictOf(result)).toMatchObject({ verdict: 'passed' });
    const { byNode, counts } = result.measurement ?? {};
    expect(Object.keys(byNode ?? {}).toSorted()).toEqual(['a', 'b', 'c']);
    const planned = Object.values(byNode ?? {}).map((node) => node.planned);
    expect(planned.reduce((sum, count) => sum + count, 0)).toBe(counts?.answered);
    for (const [name, node] of Object.entries(byNode ?? {})) expect(node.good).toBe(balanced.served[name]);
    expect(result.findings).toContain("Jain's fairness index over 3 nodes: 1");
  };
  it('are counted each by itself, with three threads', () => countedApart(three));
  itSlow('are counted each by itself, with one thread', () => countedApart(one));

  const failsAlone = async (slow: Node, clause: string): Promise<void> => {
    const result = await judged(await behind([a, b, a, b, a, b, a, b, a, b, slow]));
    const why = expect.stringContaining(`node c: ${clause} failed`) as string;
    expect(verdictOf(result)).toMatchObject({ verdict: 'failed', why });
    const counted = result.evidence?.type === 'counts' ? result.evidence.clauses : [];
    const bad = Object.fromEntries(counted.map((one) => [one.expression, one.bad]));
    const own = counted.find(({ expression }) => expression === `${clause} on its worst node`);
    expect(own).toMatchObject({ bad: bad[clause], planned: result.measurement?.byNode?.['c']?.planned });
    expect(own?.bad).toBe(own?.planned);
  };
  it('one that is slow fails, though all requests together keep the objectives', () =>
    failsAlone({ name: 'c', ms: 250 }, 'p(90)<150'));
  itSlow('one that fails fails, though all requests together keep the objectives', () =>
    failsAlone({ name: 'c', status: 500 }, 'rate<0.1'),
  );

  it('one that gets little fails', async () => {
    const result = await judged(await behind([a, a, a, b, b, b, a, c]));
    const why = expect.stringMatching(
      /^node c gave \d+ of the \d+ good answers, less than half of its fair share/,
    ) as string;
    expect(verdictOf(result)).toMatchObject({ verdict: 'failed', why });
    expect(result.furtherEvidence).toEqual([{ type: 'verdict', expression: 'no node starves', passed: false }]);
  });

  const mayBeUnlike = async (balance: 'ip_hash' | 'least_connections'): Promise<void> => {
    const balanced = await behind([a, a, a, b, b, b, a, c], balance);
    expect(verdictOf(await judged(balanced))).toMatchObject({ verdict: 'passed' });
  };
  it('may have unlike shares with ip_hash', () => mayBeUnlike('ip_hash'));
  itSlow('may have unlike shares with least_connections', () => mayBeUnlike('least_connections'));

  it('have no name that is a secret which was sent to them', async () => {
    const secret = 'tok-4711-abcdef';
    const balanced = await behind([a, b, { name: secret }, { name: `for ${secret}` }]);
    const [request] = balanced.target.requests;
    if (request !== undefined) request.headers = { authorization: `Bearer ${secret}` };
    const result = await judged(balanced);
    expect(Object.keys(result.measurement?.nodes ?? {}).toSorted()).toEqual(['(masked)', 'a', 'b', 'for (masked)']);
    expect(Object.keys(result.measurement?.byNode ?? {}).toSorted()).toEqual(['a', 'b']);
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  it('are not judged where no answer names one', async () => {
    const balanced = await behind([a, b]);
    balanced.target.nodeHeader = 'x-other';
    const { verdict, measurement, findings } = await judged(balanced);
    expect([verdict, measurement?.byNode, findings]).toEqual(['passed', undefined, undefined]);
  });
});
