import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffMs, keepConnection, type ConnectionState, type SocketListener } from '../src/live/connection.js';
import { hello } from './message-samples.js';

interface FakeSocket extends SocketListener {
  url: string;
  sent: string[];
  closed: boolean;
}

describe('keeping a connection', () => {
  let sockets: FakeSocket[];
  let states: ConnectionState[];
  let since: number | null;
  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    states = [];
    since = null;
  });
  afterEach(() => vi.useRealTimers());

  const keep = () =>
    keepConnection({
      url: () => `ws://hive/ws/metrics?since=${since}`,
      open(url, listener) {
        const socket: FakeSocket = { ...listener, url, sent: [], closed: false };
        sockets.push(socket);
        return { send: (text) => socket.sent.push(text), close: () => (socket.closed = true) };
      },
      onMessage: (message) => (since = message.seq),
      onState: (state) => states.push(state),
      onFailure: () => undefined,
      random: () => 1,
    });
  const newest = () => sockets.at(-1) as FakeSocket;
  const greet = (seq = 0) => newest().onText(JSON.stringify(hello(seq)));

  it('is live from the hello on, not before', () => {
    const connection = keep();
    expect(states).toEqual([]);
    greet();
    expect(states).toEqual(['live']);
    connection.close();
  });

  it('comes back after a loss, asking for what it missed', () => {
    const connection = keep();
    greet(7);
    newest().onClose();
    expect(states).toEqual(['live', 'reconnecting']);
    vi.advanceTimersByTime(500);
    expect(newest().url).toContain('since=7');
    greet(9);
    expect(states.at(-1)).toBe('live');
    connection.close();
  });

  it('says offline when it fails again and again, and still tries', () => {
    const connection = keep();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      newest().onClose();
      vi.advanceTimersToNextTimer();
    }
    expect(states).toEqual(['reconnecting', 'offline']);
    expect(sockets).toHaveLength(7);
    greet();
    expect(states.at(-1)).toBe('live');
    connection.close();
  });

  it('says within 3 s that a connection fell silent, and later gives it up', () => {
    const connection = keep();
    greet();
    vi.advanceTimersByTime(1_000);
    expect(newest().sent).toEqual(['ping']);
    newest().onText('pong');
    vi.advanceTimersByTime(3_000);
    expect(states).toEqual(['live', 'reconnecting']);
    expect(sockets[0]?.closed).toBe(false);
    newest().onText('pong');
    expect(states.at(-1)).toBe('live');
    vi.advanceTimersByTime(12_000);
    expect(sockets[0]?.closed).toBe(true);
    connection.close();
  });

  it('gives up an attempt that is never greeted', () => {
    const connection = keep();
    vi.advanceTimersByTime(8_000);
    expect(sockets[0]?.closed).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(sockets).toHaveLength(2);
    connection.close();
  });

  it('ignores what is no message of the feed', () => {
    const connection = keep();
    for (const text of ['pong', '{', '{"v":2}', '[]']) newest().onText(text);
    expect(since).toBeNull();
    connection.close();
  });

  it('hears nothing more once it is closed', () => {
    const connection = keep();
    connection.close();
    greet(3);
    newest().onClose();
    vi.advanceTimersByTime(60_000);
    expect({ since, states, sockets: sockets.length }).toEqual({ since: null, states: [], sockets: 1 });
  });

  it('tries at once when asked to, unless it is live', () => {
    const connection = keep();
    newest().onClose();
    connection.retry();
    expect(sockets).toHaveLength(2);
    greet();
    connection.retry();
    expect(sockets).toHaveLength(2);
    connection.close();
  });
});

it('waits longer after each failure, never more than 10 s, and never less than half of that', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const full = Math.min(10_000, 500 * 2 ** (failures - 1));
      expect(backoffMs(failures, random)).toBeGreaterThanOrEqual(full / 2);
      expect(backoffMs(failures, random)).toBeLessThanOrEqual(full);
    }),
  );
});
