import { isMapping, type Mapping } from '../mapping.js';
import { isSendable, toPath } from '../traffic-target.js';
import { caddy } from './formats/caddy.js';
import { combined } from './formats/combined.js';
import { envoy } from './formats/envoy.js';
import type { LogEntry, Logged, LogFormat, ReadLogEntry } from './formats/format.js';
import { haproxy } from './formats/haproxy.js';
import { anyJson } from './formats/json.js';
import { loadBalancer } from './formats/load-balancer.js';
import { logfmt } from './formats/logfmt.js';
import { s3 } from './formats/s3.js';
import { traefik } from './formats/traefik.js';
import { cloudFront, w3c } from './formats/w3c.js';

/** Formats that name themselves first, those that guess last. */
const FORMATS: readonly LogFormat[] = [
  combined,
  loadBalancer,
  s3,
  caddy,
  traefik,
  cloudFront,
  w3c,
  haproxy,
  envoy,
  anyJson,
  logfmt,
];

/** The formats that are read, as people know them. */
export const FORMAT_NAMES: readonly string[] = FORMATS.map(({ name }) => name);

/** What a line says, or why it says nothing that can be sent. */
export type LogLine =
  | { type: 'request'; method: string; path: string; host: string | null }
  | { type: 'status'; status: number }
  | { type: 'unsendable'; why: string }
  | { type: 'directive' }
  | { type: 'malformed' };

/** Reads the lines of one log, whatever its format; `format` is the one that the line was of. */
export type ReadLogLine = (line: string) => LogLine & { format: string | null };

/** The format that read the last line is asked first, then the others: no line depends on how the file began. */
export function createLogReader(): ReadLogLine {
  const readers = FORMATS.map(({ name, reader }) => ({ name, read: reader() }));
  return (line) => {
    const entry = entryOf(unwrapped(line.endsWith('\r') ? line.slice(0, -1) : line));
    if (entry.text.startsWith('#')) return directive(entry, readers);
    for (const [index, { name, read }] of readers.entries()) {
      const found = read(entry);
      if (found === null || found === 'directive') continue;
      if (index > 0) readers.unshift(...readers.splice(index, 1));
      return { ...judged(found), format: name };
    }
    return { type: 'malformed', format: null };
  };
}

/** A line about the lines that follow is for every format that knows such lines. */
function directive(entry: LogEntry, readers: readonly { read: ReadLogEntry }[]): LogLine & { format: null } {
  const known = readers.map(({ read }) => read(entry)).includes('directive');
  return { type: known ? 'directive' : 'malformed', format: null };
}

function judged({ method, target, status, host }: Logged): LogLine {
  if (status !== null && (status < 200 || status >= 400)) return { type: 'status', status };
  const wanted = method.toUpperCase();
  if (!isSendable(wanted)) return { type: 'unsendable', why: 'with a method that Hive never sends' };
  const absolute = /^(?:https?|wss?):\/\/([^/?#]*)(.*)$/is.exec(target);
  const path = toPath(absolute ? pathOf(absolute[2] ?? '') : target);
  if (path === null) return { type: 'unsendable', why: reasonFor(target) };
  return { type: 'request', method: wanted, path, host: hostOf(absolute?.[1] ?? host) };
}

const pathOf = (rest: string): string => (rest.startsWith('/') ? rest : `/${rest}`);

function reasonFor(target: string): string {
  if (target === '*') return "that ask for *, the server's own options";
  return target.startsWith('/')
    ? 'with a control character, a space or a \\ in the path'
    : 'without a path on this server';
}

/** In lower case, without the ports that go without saying, and without a user. */
function hostOf(host: string | null): string | null {
  const plain = (host ?? '')
    .trim()
    .toLowerCase()
    .replace(/^.*@/, '')
    .replace(/:(?:80|443)$/, '');
  return plain === '' || plain === '-' || plain === '_' ? null : plain;
}

/** What containers and syslog put around a line is taken off. */
function unwrapped(line: string): string {
  if (line.startsWith('{"log":')) {
    const { log } = jsonOf(line) ?? {};
    if (typeof log === 'string') return log.replace(/[\r\n]+$/, '');
  }
  const container = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[-+]\d\d:\d\d) std(?:out|err) [FP] /.exec(line);
  if (container) return line.slice(container[0].length);
  const syslog = /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:\S+ )?(?!haproxy)[\w./-]+(?:\[\d+\])?: /.exec(
    line,
  );
  return syslog ? line.slice(syslog[0].length) : line;
}

function entryOf(text: string): LogEntry {
  const start = text.trimStart();
  return { text, json: start.startsWith('{') ? jsonOf(start) : null };
}

/** A JSON object whose texts hold one character a byte, as the line does. */
function jsonOf(line: string): Mapping | null {
  const text = line.replace(/,\s*$/, '');
  const utf8 = Buffer.from(text, 'latin1').toString('utf8');
  const found =
    parsed(utf8, (_, value) => (typeof value === 'string' ? bytesOf(value) : value)) ??
    // nginx writes \xHH, which JSON does not know.
    parsed(text.replace(/\\x([0-9a-f]{2})/gi, '\\u00$1'));
  return isMapping(found) ? found : null;
}

function parsed(text: string, revive?: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, revive);
  } catch {
    return null;
  }
}

const bytesOf = (text: string): string =>
  /\P{ASCII}/u.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
