import { HiveError, type RouteOutput } from '@hive/contract';
import { expect, it, vi } from 'vitest';
import type { Socket, SocketListener } from '../src/live/connection.js';
import { createTickets, openWithTicket } from '../src/live/tickets.js';

type Given = RouteOutput<'getTicket'>;

/** A dashboard that gives tickets for ten minutes, and a clock. */
function dashboard() {
  let given = 0;
  const at = { ms: 0 };
  const ask = async () => ({ ticket: `ticket-${(given += 1)}`, expires_in_seconds: 600 });
  return { at, tickets: createTickets(ask, () => at.ms) };
}

it('uses a ticket until shortly before it ends, and asks for one at a time', async () => {
  const { at, tickets } = dashboard();
  expect(await Promise.all([tickets(), tickets()])).toEqual(['ticket-1', 'ticket-1']);
  at.ms = 539_000;
  expect(await tickets()).toBe('ticket-1');
  at.ms = 540_000;
  expect(await tickets()).toBe('ticket-2');
});

it('asks again after a failure, and says why', async () => {
  const refused = new HiveError('unauthorized', 'the token is wrong');
  const ask = vi
    .fn<() => Promise<Given>>()
    .mockRejectedValueOnce(refused)
    .mockResolvedValueOnce({ ticket: 'a', expires_in_seconds: 600 });
  const tickets = createTickets(ask, () => 0);
  await expect(tickets()).rejects.toBe(refused);
  expect(await tickets()).toBe('a');
});

it('has none, once and for all, where the API needs none', async () => {
  const ask = vi.fn<() => Promise<Given>>().mockResolvedValue({ ticket: null, expires_in_seconds: null });
  const tickets = createTickets(ask, () => 0);
  expect([await tickets(), await tickets()]).toEqual([undefined, undefined]);
  expect(ask).toHaveBeenCalledOnce();
});

/** WebSockets that only remember what they were told. */
function sockets() {
  const opened: { url: string; listener: SocketListener }[] = [];
  const sent: string[] = [];
  const close = vi.fn<() => void>();
  const open = (url: string, listener: SocketListener): Socket => {
    opened.push({ url, listener });
    return { send: (text) => sent.push(text), close };
  };
  const listener: SocketListener = { onText: vi.fn<(text: string) => void>(), onClose: vi.fn<() => void>() };
  return { opened, sent, close, open, listener };
}

it('opens the feed with a ticket as the first message, and nothing of it in the address', async () => {
  const { opened, sent, close, open, listener } = sockets();
  const socket = openWithTicket(async () => 'once', open)('ws://hive:8000/ws/metrics?since=3', listener);
  socket.send('too early');
  await vi.waitFor(() => expect(opened.map(({ url }) => url)).toEqual(['ws://hive:8000/ws/metrics?since=3']));
  expect(sent).toEqual([]);
  opened[0]?.listener.onOpen?.();
  socket.send('ping');
  socket.close();
  expect(sent).toEqual(['once', 'ping']);
  expect(close).toHaveBeenCalledOnce();
});

it('is a connection that broke when there is no ticket, and opens nothing once it was closed', async () => {
  const { opened, open, listener } = sockets();
  openWithTicket(async () => Promise.reject(new Error('no answer')), open)('ws://hive', listener);
  await vi.waitFor(() => expect(listener.onClose).toHaveBeenCalledOnce());
  openWithTicket(async () => 'a', open)('ws://hive', listener).close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened).toEqual([]);
});
