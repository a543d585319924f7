import PostalMime, { type Email } from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSmtpUrl } from '../../src/channels/smtp-url.js';
import { channelOf, HOSTILE_LINE, hostileMessage, never, sampleMessage, senderOf } from './samples.js';
import { startSmtpReceiver, type SmtpReceiver } from './smtp-receiver.js';

let receiver: SmtpReceiver;
let smtp: object;

beforeAll(async () => {
  receiver = await startSmtpReceiver();
  smtp = { host: '127.0.0.1', port: receiver.port, security: 'none' };
});
afterAll(() => receiver.close());
beforeEach(() => {
  receiver.mails.length = 0;
  receiver.refuse = null;
});

const settings = () => ({ from: 'hive@example.org', to: ['a@example.org', 'b@example.org'], smtp });
const send = (message = sampleMessage('opened'), change: object = {}) =>
  senderOf()(channelOf('email', { ...settings(), ...change }), message, never);
const read = (): Promise<Email> => PostalMime.parse(receiver.mails[0]?.raw ?? '');

describe('e-mail', () => {
  it('says what is wrong, as text and as HTML, to everyone it is for', async () => {
    expect(await send()).toMatchObject({ ok: true, status: 250, problem: null });
    expect(receiver.mails[0]).toMatchObject({
      from: 'hive@example.org',
      to: ['a@example.org', 'b@example.org'],
      user: null,
    });
    const mail = await read();
    expect(mail.subject).toMatch(/^Opened \(page\): checkout: 3 of 5 requests failed: the connection was refused/);
    expect(mail.from).toEqual({ address: 'hive@example.org', name: '' });
    expect(mail.to?.map(({ address }) => address)).toEqual(['a@example.org', 'b@example.org']);
    for (const text of [mail.text, mail.html]) {
      expect(text).toContain('https://hive.example.org/incidents/inc_1');
      expect(text).toContain('3 of 5 requests without an acceptable answer');
      expect(text).toContain('at most 2 of 5');
      expect(text).toContain('tried three times within a minute');
    }
    expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated');
    expect([mail.inReplyTo, mail.references]).toEqual(['<inc_1@hive>', '<inc_1@hive>']);
  });

  it('has no header and no markup that a target is called', async () => {
    await send(hostileMessage());
    const mail = await read();
    expect(receiver.mails[0]?.to).toEqual(['a@example.org', 'b@example.org']);
    expect([mail.bcc, mail.headers.some(({ key }) => key === 'bcc')]).toEqual([undefined, false]);
    expect(mail.subject).toContain('Bcc: all@example.org');
    expect(mail.html).not.toContain('<script>');
    expect(mail.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot;');
    expect(mail.text).toContain(`Observed: ${HOSTILE_LINE}`);
  });

  it('signs in, and shows what the server says to a wrong password, without it', async () => {
    const user = { smtp: { ...smtp, user: 'hive' } };
    expect(await send(undefined, { ...user, password: 'letmein' })).toMatchObject({ ok: true });
    expect(receiver.mails[0]?.user).toBe('hive');
    const refused = await send(undefined, { ...user, password: 'wrong password' });
    expect(refused).toMatchObject({ ok: false, status: 535, final: false });
    expect(refused.problem).toContain('Invalid username or password');
    expect(JSON.stringify(refused)).not.toContain('wrong password');
  });

  it('shows what the server refuses', async () => {
    receiver.refuse = { code: 550, text: 'no such mailbox' };
    expect(await send()).toMatchObject({
      ok: false,
      status: 550,
      problem: expect.stringContaining('no such mailbox'),
    });
  });

  it('sends nothing readable where encryption is demanded', async () => {
    const sent = await send(undefined, { smtp: { ...smtp, security: 'starttls' } });
    expect([sent.ok, receiver.mails.length]).toEqual([false, 0]);
  });

  it('goes only where messages may go; the server that whoever runs the machine named needs no permission', async () => {
    const refused = await senderOf({ allowChannels: [] })(
      channelOf('email', settings()),
      sampleMessage('opened'),
      never,
    );
    expect(refused).toMatchObject({ final: true, problem: expect.stringContaining('is not a public address') });
    const own = readSmtpUrl(`smtp://127.0.0.1:${receiver.port}?security=none`);
    const { smtp: _, ...rest } = settings();
    const bySettings = senderOf({ allowChannels: [], smtp: own });
    expect(await bySettings(channelOf('email', rest), sampleMessage('opened'), never)).toMatchObject({ ok: true });
    const metadata = senderOf({ smtp: readSmtpUrl('smtp://169.254.169.254') });
    expect(await metadata(channelOf('email', rest), sampleMessage('opened'), never)).toMatchObject({
      final: true,
      problem: expect.stringContaining('never dials'),
    });
    expect(await senderOf()(channelOf('email', rest), sampleMessage('opened'), never)).toMatchObject({
      final: true,
      hint: expect.stringContaining('HIVE_SMTP_URL'),
    });
  });
});

describe('HIVE_SMTP_URL', () => {
  it.each([
    ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, security: 'starttls' }],
    ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, security: 'tls' }],
    ['smtp://[::1]:25?security=none', { host: '::1', port: 25, security: 'none' }],
    [
      'smtp://me%40example.org:p%3As@mail.example.org:2525',
      { host: 'mail.example.org', port: 2525, security: 'starttls', user: 'me@example.org', password: 'p:s' },
    ],
    ['http://mail.example.org', null],
    ['mail.example.org', null],
  ])('%s', (url, server) => expect(readSmtpUrl(url)).toEqual(server));
});
