import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNews } from '../../src/sessions/live-topic.js';
import type { Bus } from '../../src/bus/bus.js';
import { createLocalBus } from '../../src/bus/local.js';
import { listen, startTestServer, type TestServer } from '../test-server.js';

let server: TestServer;
let bus: Bus;
beforeAll(async () => {
  bus = createLocalBus();
  server = await startTestServer({}, { bus });
});
afterAll(() => server.end());

const readers = async (): Promise<number> =>
  Number(/^hive_live_readers (\d+)$/m.exec((await server.app.inject('/metrics')).body)?.[1]);
const alert = (text: string): string =>
  encodeNews(
    { type: 'alert', data: { severity: 'info', text, session_id: null, target_id: null } },
    '2026-01-01T00:00:00.000Z',
  );

describe('a reader that reads nothing', () => {
  it('is let go, while another hears everything to the end', async () => {
    const slow = await listen(server);
    const quick = await listen(server);
    slow.socket.pause();
    expect(await readers()).toBe(2);

    const filler = 'x'.repeat(20_000);
    for (let number = 0; number < 4_000; number += 1) {
      if (number % 50 === 0 && (await readers()) < 2) break;
      await bus.publish('live', alert(`${number} ${filler}`));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await bus.publish('live', alert('the end'));
    const last = await quick.hear(({ type, data }) => type === 'alert' && 'text' in data && data.text === 'the end');
    expect(last.seq).toBeGreaterThan(500);
    await expect.poll(readers, { timeout: 10_000 }).toBe(1);
    slow.socket.terminate();
    quick.socket.terminate();
  });
});
