import { HiveError } from '@hive/contract';
import { resolveOutbound, type OutboundAllow } from '@hive/engine';
import type { Answer, Mailed, Smtp } from './channel-type.js';

/** Of each step of the conversation; the whole is bounded by who waits for it. */
const STEP_MS = 10_000;

/** Which servers may be dialled. */
export interface MailPlace {
  allowChannels: OutboundAllow;
  /** Named by whoever runs the machine, which permits it; null: none. */
  smtp: Smtp | null;
}

/**
 * Hands a message to an SMTP server whose address was checked: what was resolved is what is dialled.
 * @throws HiveError `refused_by_safety` before anything is dialled, `target_unreachable`, `validation` where there is no server.
 */
export async function mail(mailed: Mailed, { allowChannels, smtp }: MailPlace): Promise<Answer> {
  const server = mailed.server ?? smtp;
  if (server === null)
    throw new HiveError('validation', 'smtp: there is no server that takes the e-mail', {
      hint: 'give smtp of the channel, or set HIVE_SMTP_URL=smtp://user:password@mail.example.org:587',
    });
  const [place] = await resolveOutbound(server.host, mailed.server === undefined ? 'all' : allowChannels);
  const { createTransport } = await import('nodemailer');
  const { port, security, user, password } = server;
  const transport = createTransport({
    // An address is not resolved again.
    host: place?.address ?? server.host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: { servername: server.host },
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const thread = mailed.thread === undefined ? null : `<${mailed.thread}@hive>`;
  try {
    const sent = await transport.sendMail({
      from: mailed.from,
      to: [...mailed.to],
      subject: mailed.subject,
      text: mailed.text,
      html: mailed.html,
      ...(thread !== null && { inReplyTo: thread, references: [thread] }),
      ...(mailed.messageId !== undefined && { messageId: `<${mailed.messageId}@hive>` }),
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    const refused = sent.rejected.map(String);
    const body = refused.length === 0 ? sent.response : `${sent.response}; not taken for ${refused.join(', ')}`;
    return { status: codeOf(sent.response), body };
  } catch (error) {
    const { responseCode, response, message } = error as Refused;
    if (responseCode === undefined) throw error;
    return { status: responseCode, body: response ?? '', problem: `the mail server answered: ${response ?? message}` };
  } finally {
    transport.close();
  }
}

interface Refused extends Error {
  responseCode?: number;
  response?: string;
}

function codeOf(response: string): number {
  return Number(/^\d{3}/.exec(response)?.[0] ?? 250);
}
