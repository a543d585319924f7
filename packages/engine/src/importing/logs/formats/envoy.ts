import type { LogFormat } from './format.js';
import { readRequestLine } from './request-line.js';

// [time] "request" status … "forwarded for" "agent" "request id" "authority" …
const LINE = /^\[\d{4}-\d\d-\d\dT[\d:.]+Z\] "((?:[^"\\]|\\.)*)" (\d{1,3}) (.*)$/;

/** Envoy's own format, which Istio adds to. */
export const envoy: LogFormat = {
  name: 'Envoy',
  reader:
    () =>
    ({ text }) => {
      const match = LINE.exec(text);
      if (!match) return null;
      const line = readRequestLine(match[1] ?? '');
      // Istio puts further texts in front; the authority stands before the address of the upstream host.
      const quoted = [...(match[3] ?? '').matchAll(/"([^"]*)"/g)].map(([, value = '']) => value);
      const upstream = quoted.findLastIndex((value) => /^(?:tcp:\/\/)?\[?[\d.:a-f]+\]?:\d+$/i.test(value));
      const host = upstream > 0 ? quoted[upstream - 1] : quoted.at(-1);
      const known = host === undefined || host === '-' || host === '' ? null : host;
      return { ...(line ?? { method: '', target: '' }), status: Number(match[2]), host: known };
    },
};
