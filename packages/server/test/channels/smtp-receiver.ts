import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Mailed {
  from: string;
  to: string[];
  user: string | null;
  raw: string;
}

export interface SmtpReceiver {
  port: number;
  mails: Mailed[];
  /** How every address is refused; null: none is. */
  refuse: { code: number; text: string } | null;
  close(): Promise<void>;
}

/** A mail server on loopback that gets what channels send, without encryption. */
export async function startSmtpReceiver(): Promise<SmtpReceiver> {
  const mails: Mailed[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth({ username, password }, _, done) {
      if (password === 'letmein') return done(null, { user: username });
      return done(new Error('Invalid username or password'));
    },
    onRcptTo(_, __, done) {
      const { refuse } = receiver;
      done(refuse === null ? null : Object.assign(new Error(refuse.text), { responseCode: refuse.code }));
    },
    onData(stream, { envelope, user }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        mails.push({ from, to, user: (user as string | undefined) ?? null, raw: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: SmtpReceiver = {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuse: null,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  return receiver;
}
