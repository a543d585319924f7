import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hive, hiveHosted, startHive } from './hive-process.js';

describe('hive practice', () => {
  it('prints where it is, answers, and ends with 0 at a signal', async () => {
    const practice = startHive(['practice', '--port', '0', '--nodes', '2', '--service', '1ms', '--json']);
    const { url, nodes } = JSON.parse(await practice.prints('stdout', /\n/)) as {
      url: string;
      nodes: { url: string }[];
    };
    expect(nodes).toHaveLength(2);
    expect((await fetch(url)).headers.get('x-hive-node')).toBe('node-1');
    practice.child.kill('SIGTERM');
    expect(await practice.ended).toMatchObject({ code: 0 });
  });

  it('says which port is taken: 106', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stderr } = await hive(['practice', '--port', String(port)]);
    expect(code).toBe(106);
    expect(stderr).toContain(`port ${port} on 127.0.0.1 is taken`);
    expect(stderr).toContain('--port');
    await new Promise((resolve) => other.close(resolve));
  });

  it.each([
    [['--workers', '0'], '--workers'],
    [['--distribution', 'normal'], 'distribution is normal'],
    [['--service', '0ms'], 'serviceMs'],
  ])('%j is a bad argument: 104', async (args, words) => {
    const { code, stderr } = await hiveHosted(['practice', '--port', '0', ...args]);
    expect(stderr).toContain(words);
    expect(code).toBe(104);
  });
});
