import type { LogFormat } from './format.js';
import { readRequestLine } from './request-line.js';

// Owner, bucket, time, address, requester, request id, operation, key; then the request and its status, `-` where it was none.
const LINE =
  /^\S+ \S+ \[[^\]"]*\] \S+ \S+ \S+ [A-Z][A-Z0-9]*\.[\w.]+ \S+ ("(?:[^"\\]|\\.)*"|-) (\d{3}|-) \S+ [\d-]+ [\d-]+ [\d-]+ [\d-]+ "/;
/** Behind the agent: version, host id, signature, cipher, authentication, host. */
const HOST = 5;

/** Amazon S3 server access logs. */
export const s3: LogFormat = {
  name: 'Amazon S3',
  reader:
    () =>
    ({ text }) => {
      const match = LINE.exec(text);
      if (!match) return null;
      const line = readRequestLine((match[1] ?? '').slice(1, -1));
      const status = match[2] === '-' ? null : Number(match[2]);
      const rest = text.slice(text.lastIndexOf('"') + 1).trim();
      const host = rest.split(' ')[HOST] ?? '-';
      // What S3 does by itself, such as letting things expire, is no request.
      return { ...(line ?? { method: '', target: '' }), status, host: host === '-' ? null : host };
    },
};
