import { createRandom, type Random } from '../../src/random.js';
import { parseNode } from './node-parser.js';
import { parseHive } from './parse.js';

const STARTS = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 404 Not Found',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 204 None',
  'HTTP/1.1 304 Same',
  'HTTP/1.1 500',
];
const INTERIM = ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n'];
const FIELDS = [
  'Content-Type: text/plain',
  'Connection: close',
  'Connection: keep-alive',
  'connection: x, Close ,y',
  'Content-Length: 0',
  'Transfer-Encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'Transfer-Encoding: identity',
  'X-Empty:',
  'X-Long: ' + 'v'.repeat(80),
  'Set-Cookie: a=b; c',
  'CONTENT-LENGTH: 3',
  'Content-Length : 3',
  'Content-Length: 3 ',
  'Content-Length: 03',
  'Content-Length: 3,3',
  'Content-Length: 3\r\nContent-Length: 3',
  'X-Folded: a\r\n b',
  'X-Bare: a\nX-Next: b',
  'Content-Length: x',
  'X-Tab:\ta\tb\t',
  ' folded',
];
const BODIES = [
  '',
  'abc',
  'hello world',
  '3\r\nabc\r\n0\r\n\r\n',
  'A;x=y\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n',
  '0\r\n\r\n',
  '2\r\nabc\r\n0\r\n\r\n',
  'g\r\n',
];
const BYTES = ['\r', '\n', '\r\n', ':', ' ', '\t', '\0', '0', '9', 'a', ';', ',', '\x7f', '\xff', 'HTTP/1.1 '];

/** One answer, often sound, often with a few bytes changed. */
function drawAnswer(random: Random): Buffer {
  const pick = (from: readonly string[]): string => from[random.integer(from.length)] as string;
  let text = random.next() < 0.1 ? pick(INTERIM) : '';
  text += `${pick(STARTS)}\r\n`;
  for (let fields = random.integer(4); fields > 0; fields--) text += `${pick(FIELDS)}\r\n`;
  const body = pick(BODIES);
  const framing = random.next();
  if (framing < 0.35) text += `Content-Length: ${body.length}\r\n`;
  else if (framing < 0.6) text += 'Transfer-Encoding: chunked\r\n';
  text += `\r\n${body}`;
  for (let changes = random.next() < 0.5 ? 0 : 1 + random.integer(3); changes > 0; changes--) {
    const at = random.integer(text.length + 1);
    const removed = random.integer(3);
    text = text.slice(0, at) + (random.next() < 0.6 ? pick(BYTES) : '') + text.slice(at + removed);
  }
  if (random.next() < 0.1) text = text.slice(0, random.integer(text.length + 1));
  return Buffer.from(text, 'latin1');
}

/** The header of an answer as a strict server writes it: CR LF, unfolded, each length once. The same bytes where nothing of that is to be done. */
function normalised(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  // A header begins again after an interim answer.
  let rest = text;
  let normal = '';
  for (;;) {
    const end = /\r?\n\r?\n/.exec(rest);
    if (end === null) return Buffer.from(normal + rest, 'latin1');
    const lines = rest
      .slice(0, end.index)
      .replaceAll(/\r?\n/g, '\r\n')
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n');
    const lengths = new Set<string>();
    const kept = lines.flatMap((line) => {
      const length = /^content-length:[ \t]*(\d+)((?:[ \t]*,[ \t]*\d+)*)[ \t]*$/i.exec(line);
      if (length === null) return [line];
      const values = [length[1]!, ...length[2]!.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))];
      const isKnown = lengths.size > 0;
      for (const value of values) lengths.add(String(Number(value)));
      return isKnown ? [] : [`Content-Length: ${Number(values[0])}`];
    });
    normal += `${kept.join('\r\n')}\r\n\r\n`;
    rest = rest.slice(end.index + end[0].length);
    if (!/^HTTP\/1\.[01] 1\d\d/.test(lines[0] ?? '')) return Buffer.from(normal + rest, 'latin1');
  }
}

/**
 * Compares both parsers on `cases` drawn answers and returns the first disagreements, in words. Hive may refuse what Node accepts (it is
 * the stricter one on purpose), never the other way round; and what both accept they must read alike, to the byte.
 */
export function compareParsers(
  cases: number,
  seed: number,
): { disagreements: string[]; accepted: number; stricter: number } {
  const random = createRandom(seed);
  const disagreements: string[] = [];
  let accepted = 0;
  let stricter = 0;
  for (let index = 0; index < cases && disagreements.length < 10; index++) {
    const bytes = drawAnswer(random);
    const head = random.next() < 0.05;
    const asItIs = parseNode(bytes, { head });
    const normal = normalised(bytes);
    // What Hive takes and Node does not, Node must read alike once it is written as it should be.
    const isRewritten = asItIs.end === 'protocol' && !normal.equals(bytes);
    const rewritten = isRewritten ? parseNode(normal, { head }) : asItIs;
    const node = { ...rewritten, taken: rewritten.taken + (isRewritten ? bytes.length - normal.length : 0) };
    const step = 1 + random.integer(bytes.length + 1);
    const hive = parseHive(bytes, step, { head });
    const say = (what: string): void =>
      void disagreements.push(
        `${what} in ${JSON.stringify(bytes.toString('latin1'))}: ${JSON.stringify({ hive, node, step, head })}`,
      );
    if (hive.end === 'protocol' || hive.end === 'open') {
      if (node.end === 'whole' || node.end === 'by closing') stricter += 1;
      continue;
    }
    if (hive.end === 'too_large') say('too large');
    else if (node.end === 'protocol') say('accepted');
    else if (hive.end !== node.end) say('end');
    else if (hive.end === 'whole' || hive.end === 'by closing') {
      accepted += 1;
      if (hive.status !== node.status) say('status');
      else if (hive.end === 'whole' && bytes.length - hive.left !== node.taken) say('length');
      // Node does not consider that an answer to HEAD needs no length.
      else if (hive.end === 'whole' && !head && hive.reusable && !node.keepAlive) say('reuse');
    }
  }
  return { disagreements, accepted, stricter };
}
