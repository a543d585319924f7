import type { ChannelType, Incident } from '@hive/contract';
import { realClock, type Clock } from '@hive/engine';
import { messageOf, type Message, type Told } from '../../src/channels/message.js';
import { createSender, type Sender, type SenderParts } from '../../src/channels/sender.js';
import type { StoredChannel } from '../../src/store/store.js';

const NOW = '2026-01-31T03:04:00.000Z';

const INCIDENT: Incident = {
  id: 'inc_1',
  ruleId: 'rul_checks_fail',
  rule: 'Checks fail',
  target: 'checkout',
  severity: 'page',
  status: 'open',
  flapping: false,
  openedAt: '2026-01-31T02:42:00.000Z',
  since: '2026-01-31T02:41:00.000Z',
  closedAt: null,
  summary: '3 of 5 requests failed: the connection was refused (node b)',
  observed: '3 of 5 requests without an acceptable answer',
  allowed: 'at most 2 of 5',
  trust: 'tried three times within a minute',
  acknowledgedAt: null,
  acknowledgedBy: null,
  mutedUntil: null,
  groupId: null,
  labels: { team: 'shop' },
};

/** What a target may be called, and a service may answer. */
const HOSTILE =
  '<!channel> <https://evil.example.org|here> [x](https://evil.example.org) **b** `c` <script>alert(1)</script> & "q"\r\nBcc: all@example.org\u2028x';

/** The words of {@link HOSTILE} on one line. */
export const HOSTILE_LINE = HOSTILE.replaceAll(/[\r\n\u2028]+/g, ' ');

export function sampleMessage(event: Told['event'], change: Partial<Incident> = {}): Message {
  const closed = event === 'closed' ? { status: 'closed' as const, closedAt: NOW } : {};
  const incident = { ...INCIDENT, ...closed, ...change };
  const told = { delivery: `dlv_${event}`, event, at: NOW, incident, together: [] };
  return messageOf({ ...told, nowMs: Date.parse(NOW), publicUrl: 'https://hive.example.org' });
}

export const hostileMessage = (event: Told['event'] = 'opened'): Message =>
  sampleMessage(event, { target: HOSTILE, summary: HOSTILE, rule: HOSTILE, observed: HOSTILE });

/** A channel whose settings are all readable. */
export function channelOf(type: ChannelType, settings: Record<string, unknown>): StoredChannel {
  const made = { id: 'some', createdAt: NOW, changedAt: NOW, name: null, type };
  return { ...made, when: {}, on: true, settings, sealed: {} };
}

/** What a sender needs, where no channel has secrets. */
export function senderParts(clock: Clock = realClock): SenderParts {
  const unused = () => Promise.reject(new Error('is not used'));
  return {
    clock,
    allowChannels: ['127.0.0.1'],
    smtp: null,
    vault: { seal: unused, open: unused },
    secrets: { named: async () => ({}), forTargets: async () => ({}) },
  };
}

export function senderOf(change: Partial<SenderParts> = {}, clock: Clock = realClock): Sender {
  return createSender({ ...senderParts(clock), ...change });
}

export const never = new AbortController().signal;
