import type { Message } from './message.js';

/** What each type needs, complete: secrets opened, `${NAME}` filled in. */
export interface ChannelSettings {
  webhook: { url: string; secret: string };
  email: { to: readonly string[]; from: string; smtp?: Smtp; password?: string };
  slack: { url: string };
  teams: { url: string };
  pagerduty: { routingKey: string; url: string };
  apprise: { url: string; tag?: string; urls?: string };
}

export interface Smtp {
  host: string;
  port: number;
  security: 'starttls' | 'tls' | 'none';
  user?: string;
  password?: string;
}

export interface Posted {
  url: string;
  headers?: Readonly<Record<string, string>>;
  /** JSON. */
  body: string;
}

export interface Mailed {
  /** Absent: the server that whoever runs the machine named. */
  server?: Smtp;
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
  html: string;
  /** One conversation for each incident; absent: it stands alone. */
  thread?: string;
  /** What it is known by; absent: a random one. */
  messageId?: string;
}

/** What the other side said. */
export interface Answer {
  /** Of HTTP or SMTP. */
  status: number;
  /** Its beginning. */
  body: string;
  /** The header Retry-After. */
  retryAfter?: string | undefined;
  /** Why it is no success, whatever the status. */
  problem?: string;
}

/** How a channel reaches the world: addresses are checked, time and size bounded. */
export interface Outside {
  post(posted: Posted): Promise<Answer>;
  mail(mailed: Mailed): Promise<Answer>;
  /** Wall clock, ms since 1970. */
  now(): number;
}

/** One kind of channel: it shapes a message, and sends it once. */
export interface Channeling<Settings> {
  /** It keeps incidents of its own open: it also hears when one is acknowledged, and that one is over although it is muted. */
  keepsOpen?: true;
  send(settings: Settings, message: Message, outside: Outside): Promise<Answer>;
}
