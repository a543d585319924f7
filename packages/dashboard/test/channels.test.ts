import { channelInputSchema, type Channel, type ChannelInput } from '@hive/contract';
import { describe, expect, it } from 'vitest';
import { channelOf, describeChannel, turned } from '../src/panels/settings/described-channel.js';

const common = {
  id: 'on-call',
  createdAt: '2026-01-31T12:00:00.000Z',
  changedAt: '2026-01-31T12:00:00.000Z',
  name: 'On call',
  when: { severity: 'page' },
  on: true,
};
const mail: Channel = {
  ...common,
  type: 'email',
  to: ['a@example.org', 'b@example.org'],
  from: 'hive@example.org',
  smtp: { host: 'mail.example.org', port: 25, security: 'tls' },
  weekly: 'monday',
  set: ['password'],
};

describe('a channel in a form', () => {
  const filled: [ChannelInput['type'], Record<string, string>, object][] = [
    [
      'webhook',
      { url: ' https://hooks.example.org/hive ', secret: 'a long random text' },
      { url: 'https://hooks.example.org/hive', secret: 'a long random text' },
    ],
    [
      'email',
      { to: 'a@example.org, b@example.org', from: 'hive@example.org', 'smtp.security': 'tls' },
      { to: ['a@example.org', 'b@example.org'], from: 'hive@example.org' },
    ],
    [
      'email',
      { to: 'a@example.org', from: 'hive@example.org', 'smtp.host': 'mail.example.org', 'smtp.port': '25' },
      { to: ['a@example.org'], from: 'hive@example.org', smtp: { host: 'mail.example.org', port: 25 } },
    ],
    ['slack', { url: '${SLACK}' }, { url: '${SLACK}' }],
    ['pagerduty', { routingKey: '${PD_SHOP}' }, { routingKey: '${PD_SHOP}' }],
  ];
  it.each(filled)('of the type %s is sent as the API takes it', (type, values, settings) => {
    const form = { ...describeChannel(null), type, values, id: ' pd-shop ', when: 'team=shop, severity=page' };
    const input = channelOf(form, { isNew: true, on: true });
    expect(input).toEqual({ type, on: true, id: 'pd-shop', when: { team: 'shop', severity: 'page' }, ...settings });
    expect(channelInputSchema.safeParse(input).success).toBe(true);
  });

  it('is turned off without what is sealed, which stays as it is', () => {
    expect(turned(mail, false)).toEqual({
      type: 'email',
      on: false,
      name: 'On call',
      when: { severity: 'page' },
      to: ['a@example.org', 'b@example.org'],
      from: 'hive@example.org',
      smtp: { host: 'mail.example.org', port: 25, security: 'tls' },
      weekly: 'monday',
    });
  });
});
