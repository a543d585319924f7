import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkReachable } from '../../src/safety/reachable.js';

const node = (url: string) => ({ url, weight: 1 });

describe('checkReachable', () => {
  it('passes a node that listens and names one that does not', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await checkReachable([node(`http://127.0.0.1:${port}`)], []);
    await new Promise((resolve) => server.close(resolve));
    await expect(checkReachable([node(`http://127.0.0.1:${port}`)], [])).rejects.toMatchObject({
      code: 'target_unreachable',
      message: expect.stringContaining('the connection was refused'),
    });
  });

  it('dials no node when one of them is forbidden', async () => {
    let dialled = 0;
    const server = createServer((socket) => {
      dialled += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const nodes = [node(`http://127.0.0.1:${port}`), node('http://[::ffff:a9fe:a9fe]/')];
    await expect(checkReachable(nodes, [])).rejects.toMatchObject({ code: 'refused_by_safety' });
    await new Promise((resolve) => server.close(resolve));
    expect(dialled).toBe(0);
  });
});
