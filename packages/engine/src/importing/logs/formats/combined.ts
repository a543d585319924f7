import { isIP } from 'node:net';
import type { LogFormat } from './format.js';
import { readRequestLine } from './request-line.js';

// Whatever stands before the time and after the size is skipped: users, referrer, agent, and fields that were added.
const LINE = /^([^\s["][^["]*)\[[^\]"]*\] "((?:[^"\\]|\\.)*)" (\d{3}) (?:\d+|-)(?:\s|$)/;

/** The common and the combined format of Apache, nginx and many others; with a host before the address it is vhost_combined. */
export const combined: LogFormat = {
  name: 'common or combined',
  reader:
    () =>
    ({ text }) => {
      const match = LINE.exec(text);
      if (!match) return null;
      const [, before = '', request = '', status] = match;
      const line = readRequestLine(request);
      const answered = { status: Number(status), host: hostIn(before) };
      if (line !== null) return { ...line, ...answered };
      // What is no request, such as TLS spoken to an HTTP port, was answered with an error.
      return answered.status < 200 || answered.status >= 400 ? { method: '', target: '', ...answered } : null;
    },
};

/** `shop.example:443 203.0.113.9 - ann`: the first of four words, where an address stands second. */
function hostIn(before: string): string | null {
  const [host = '', address = '', ...rest] = before.trim().split(/\s+/);
  return rest.length >= 2 && isIP(address) !== 0 && /^[^\s/]+$/.test(host) && host !== '-' ? host : null;
}
