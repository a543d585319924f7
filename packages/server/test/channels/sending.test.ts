import { createHmac } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { realClock } from '@hive/engine';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { triedOf } from '../../src/channels/deliverer.js';
import type { Message } from '../../src/channels/message.js';
import { startReceiver, type Receiver } from './receiver.js';
import { channelOf, HOSTILE_LINE, hostileMessage, never, sampleMessage, senderOf } from './samples.js';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answers.length = 0;
});

type Type = Parameters<typeof channelOf>[0];
const send = (type: Type, message: Message, settings: object = {}) =>
  senderOf()(channelOf(type, { url: `${receiver.url}/in`, ...settings }), message, never);
const raw = (index = 0): string => receiver.received[index]?.raw ?? '';
const got = (index = 0): Record<string, never> => JSON.parse(raw(index)) as Record<string, never>;
const TITLE =
  'Opened (page): checkout: 3 of 5 requests failed: the connection was refused (node b), since 2026-01-31 02:41 UTC (23 min)';
const LINK = 'https://hive.example.org/incidents/inc_1';

describe('a webhook', () => {
  it('is JSON, signed over the time and the body as it is', async () => {
    const secret = 'a secret of some length';
    const sent = await send('webhook', sampleMessage('opened'), { secret });
    expect(sent).toMatchObject({ ok: true, status: 200, body: 'ok' });
    const { headers } = receiver.received[0] as Receiver['received'][0];
    const timestamp = headers['x-hive-timestamp'] as string;
    const signature = createHmac('sha256', secret).update(`${timestamp}.${raw()}`).digest('hex');
    expect(headers).toMatchObject({
      'x-hive-delivery': 'dlv_opened',
      'x-hive-signature': `v1=${signature}`,
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^hive\//),
    });
    expect(got()).toMatchObject({ version: 1, event: 'opened', title: TITLE, link: LINK, incident: { id: 'inc_1' } });
  });
});

describe('Slack', () => {
  it('says what is wrong, with a button to it', async () => {
    await send('slack', sampleMessage('opened'));
    expect(got()).toMatchObject({
      text: TITLE,
      blocks: [
        { type: 'section', text: { type: 'plain_text', text: TITLE } },
        {
          fields: [
            { text: 'Since: 2026-01-31 02:41 UTC (23 min)' },
            { text: 'Observed: 3 of 5 requests without an acceptable answer' },
            { text: 'Allowed: at most 2 of 5' },
            { text: 'How sure: tried three times within a minute' },
            { text: 'Rule: Checks fail' },
          ],
        },
        { type: 'actions', elements: [{ type: 'button', url: LINK }] },
      ],
    });
  });

  it('calls nobody and links nowhere, whatever a target is called', async () => {
    await send('slack', hostileMessage());
    expect(raw()).toContain('&lt;!channel&gt; &lt;https://evil.example.org|here&gt;');
    expect(raw()).not.toMatch(/<[!@#a-z/]/i);
    expect(raw()).not.toContain('"type":"mrkdwn"');
  });
});

describe('Teams', () => {
  it('is an Adaptive Card, in which no text is read as Markdown', async () => {
    await send('teams', hostileMessage());
    const { attachments } = got() as unknown as {
      attachments: [{ contentType: string; content: { type: string; body: Block[]; actions: object[] } }];
    };
    interface Block {
      type: string;
      inlines: { type: string; text: string }[];
    }
    const [{ contentType, content }] = attachments;
    expect([contentType, content.type]).toEqual(['application/vnd.microsoft.card.adaptive', 'AdaptiveCard']);
    expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Open in Hive', url: LINK }]);
    // A TextBlock and a FactSet are Markdown.
    expect(new Set(content.body.map(({ type }) => type))).toEqual(new Set(['RichTextBlock']));
    const texts = content.body.map(({ inlines }) => inlines.map(({ text }) => text).join(''));
    expect(texts[0]).toContain('**b**');
    expect(texts).toContain(`Observed: ${HOSTILE_LINE}`);
  });
});

describe('PagerDuty', () => {
  it('is one incident there, from its opening over somebody who has it to its end', async () => {
    const key = { routingKey: 'R0ut1ng' };
    for (const event of ['opened', 'acknowledged', 'closed'] as const)
      await send('pagerduty', sampleMessage(event), key);
    const events = [0, 1, 2].map((index) => got(index));
    expect(events.map(({ event_action, dedup_key, routing_key }) => [event_action, dedup_key, routing_key])).toEqual([
      ['trigger', 'inc_1', 'R0ut1ng'],
      ['acknowledge', 'inc_1', 'R0ut1ng'],
      ['resolve', 'inc_1', 'R0ut1ng'],
    ]);
    expect(events[0]).toMatchObject({
      links: [{ href: LINK, text: 'Open in Hive' }],
      payload: {
        summary: TITLE,
        source: 'checkout',
        severity: 'critical',
        timestamp: '2026-01-31T02:41:00.000Z',
        custom_details: { Observed: '3 of 5 requests without an acceptable answer', Allowed: 'at most 2 of 5' },
      },
    });
  });

  it('gets no longer summary than it takes', async () => {
    await send('pagerduty', sampleMessage('opened', { summary: 'é'.repeat(9_000) }), { routingKey: 'x' });
    const { summary } = (got() as unknown as { payload: { summary: string } }).payload;
    expect(summary.length).toBeLessThanOrEqual(1_024);
  });
});

describe('apprise', () => {
  it('passes plain text on, and says when it has passed on nothing', async () => {
    receiver.answers.push({ status: 200 }, { status: 204 });
    expect(await send('apprise', sampleMessage('closed'), { tag: 'ops' })).toMatchObject({ ok: true });
    expect(got()).toMatchObject({
      title: expect.stringMatching(/^Closed: checkout: .* from .* to /),
      body: expect.stringContaining(LINK),
      type: 'success',
      format: 'text',
      tag: 'ops',
    });
    expect(await send('apprise', sampleMessage('opened'))).toMatchObject({
      ok: false,
      status: 204,
      problem: expect.stringContaining('no addresses'),
    });
  });
});

describe('the other side', () => {
  const message = sampleMessage('opened');
  const settings = { secret: 'a secret of some length' };

  it.each([
    ['120', 120_000],
    [new Date(Date.now() + 60_000).toUTCString(), 60_000],
    ['soon', null],
    ['-5', null],
  ])('asks to wait: %s', async (header, waitMs) => {
    receiver.answers.push({ status: 429, headers: { 'retry-after': header } });
    const sent = await send('webhook', message, settings);
    expect(sent).toMatchObject({ ok: false, status: 429, final: false });
    if (waitMs === null) expect(sent.waitMs).toBeNull();
    else expect(Math.abs((sent.waitMs ?? 0) - waitMs)).toBeLessThan(2_000);
  });

  it('leads elsewhere: nobody follows', async () => {
    receiver.answers.push({ status: 302, headers: { location: `${receiver.url}/other` } });
    const sent = await send('webhook', message, settings);
    expect([sent.status, sent.problem]).toEqual([302, expect.stringContaining('redirect')]);
    expect(receiver.received).toHaveLength(1);
  });

  it('does not answer within ten seconds', async () => {
    receiver.answers.push('hang');
    const quick = { ...realClock, sleep: (ms: number, signal?: AbortSignal) => realClock.sleep(ms / 100, signal) };
    const url = `${receiver.url}/in`;
    const sent = await senderOf({}, quick)(channelOf('webhook', { url, ...settings }), message, never);
    expect(sent).toMatchObject({ ok: false, status: null, problem: 'no answer within 10 s', final: false });
  });

  it('is not there', async () => {
    const sent = await send('webhook', message, { ...settings, url: 'http://127.0.0.1:9/' });
    expect(sent).toMatchObject({ ok: false, problem: 'the connection was refused', final: false });
  });

  it.each([
    ['http://127.0.0.1:1/', [], 'is not a public address'],
    ['http://[::1]:1/', ['127.0.0.1'], 'is not a public address'],
    ['http://2130706433/', ['10.0.0.0/8'], 'is not a public address'],
    ['http://10.1.2.3/', ['127.0.0.1'], 'is not a public address'],
    ['http://169.254.169.254/latest/meta-data/', ['0.0.0.0/0'], 'never dials'],
    ['http://[fd00:ec2::254]/', ['::/0'], 'never dials'],
  ])('%s is refused before anything is dialled, once and for all', async (url, allowChannels, problem) => {
    const sent = await senderOf({ allowChannels })(channelOf('webhook', { url, ...settings }), message, never);
    expect(sent).toMatchObject({ ok: false, status: null, problem: expect.stringContaining(problem), final: true });
    expect(triedOf(sent, { tries: 1, nowMs: 0, stopped: false }).status).toBe('failed');
  });

  it('is asked by its name over TLS: a certificate that nobody knows is refused', async () => {
    const server = createServer({}, (_, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    const allowed = senderOf({ allowChannels: ['localhost'] });
    const sent = await allowed(channelOf('webhook', { url, ...settings }), message, never);
    expect([sent.ok, sent.final]).toEqual([false, false]);
    server.close();
  });
});
