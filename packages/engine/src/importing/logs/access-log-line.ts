import { isSendable, toPath } from '../traffic-target.js';

/** What a line of an access log says, or why it says nothing that can be sent. */
export type LogLine =
  | { type: 'request'; method: string; path: string }
  | { type: 'status'; status: number }
  | { type: 'unsendable' }
  | { type: 'malformed' };

// Address, users and whatever stands before the time are skipped; so are referrer, agent and whatever stands after the size.
const LINE = /^[^\s["][^["]*\[[^\]"]*\] "((?:[^"\\]|\\.)*)" (\d{3}) (?:\d+|-)(?:\s|$)/;

/** Reads one line of the common or the combined log format of Apache and nginx; fields before and after may be added. */
export function readLogLine(line: string): LogLine {
  const match = LINE.exec(line);
  if (!match) return { type: 'malformed' };
  const status = Number(match[2]);
  if (status < 200 || status >= 400) return { type: 'status', status };
  const [method = '', target = '', protocol = '', ...rest] = (match[1] ?? '').split(' ');
  if (rest.length > 0 || !/^HTTP\/\d(?:\.\d)?$/.test(protocol)) return { type: 'malformed' };
  const path = toPath(target);
  return path === null || !isSendable(method) ? { type: 'unsendable' } : { type: 'request', method, path };
}
