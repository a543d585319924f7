import type { LogFormat } from './format.js';
import { readRequestLine } from './request-line.js';

// [type] time name client target three-times status status bytes bytes "request" …
const LINE =
  /^(?:(?:https?|h2|grpcs|wss?) )?\d{4}-\d\d-\d\dT[\d:.]+Z \S+ \S+ \S+ [-\d.]+ [-\d.]+ [-\d.]+ (\d{3}|-) (?:\d{3}|-) -?\d+ -?\d+ "((?:[^"\\]|\\.)*)"/;

/** Application and Classic Load Balancers of AWS. */
export const loadBalancer: LogFormat = {
  name: 'AWS load balancer',
  reader:
    () =>
    ({ text }) => {
      const match = LINE.exec(text);
      if (!match) return null;
      const status = match[1] === '-' ? 0 : Number(match[1]);
      const line = readRequestLine((match[2] ?? '').trim());
      return { ...(line ?? { method: '', target: '' }), status, host: null };
    },
};
