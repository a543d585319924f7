import type { LogFormat } from './format.js';
import { readRequestLine } from './request-line.js';

// address [time] frontend backend/server times status … "request"
const LINE = /\[\d+\/\w+\/\d+:[\d:.]+\] \S+ \S+\/\S+ [-+\d/]+ (-?\d{1,3}) .* "((?:[^"\\]|\\.)*)"$/;

/** HAProxy's `option httplog`. */
export const haproxy: LogFormat = {
  name: 'HAProxy',
  reader:
    () =>
    ({ text }) => {
      const match = LINE.exec(text);
      if (!match) return null;
      const line = readRequestLine(match[2] ?? '');
      return { ...(line ?? { method: '', target: '' }), status: Math.max(0, Number(match[1])), host: null };
    },
};
