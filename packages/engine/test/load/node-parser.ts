import { createRequire } from 'node:module';

interface NodeParser {
  initialize(type: number, resource: object): void;
  execute(bytes: Uint8Array): number | Error;
  finish(): Error | undefined;
  [callback: number]: unknown;
}
interface NodeParserClass {
  new (): NodeParser;
  RESPONSE: number;
  kOnHeaders: number;
  kOnHeadersComplete: number;
  kOnBody: number;
  kOnMessageComplete: number;
}

const { HTTPParser } = createRequire(import.meta.url)('_http_common') as { HTTPParser: NodeParserClass };

export interface NodeParsed {
  status: number;
  end: 'whole' | 'by closing' | 'open' | 'protocol';
  keepAlive: boolean;
  /** Bytes up to the end of the answer. */
  taken: number;
  error: string;
}

/** Reads an answer with the parser that is built into Node (llhttp), a byte at a time, then closes. */
export function parseNode(bytes: Uint8Array, options: { head?: boolean } = {}): NodeParsed {
  const parser = new HTTPParser();
  parser.initialize(HTTPParser.RESPONSE, {});
  const result: NodeParsed = { status: 0, end: 'open', keepAlive: false, taken: 0, error: '' };
  let complete = false;
  parser[HTTPParser.kOnHeaders] = () => undefined;
  parser[HTTPParser.kOnHeadersComplete] = (...seen: unknown[]): number => {
    result.status = seen[5] as number;
    result.keepAlive = seen[8] as boolean;
    return options.head ? 1 : 0;
  };
  parser[HTTPParser.kOnBody] = () => undefined;
  parser[HTTPParser.kOnMessageComplete] = () => {
    complete = result.status >= 200;
  };
  for (let at = 0; at < bytes.length; at++) {
    const outcome = parser.execute(bytes.slice(at, at + 1));
    result.taken = at + 1;
    if (complete) return { ...result, end: 'whole' };
    if (outcome instanceof Error) return { ...result, end: 'protocol', error: outcome.message };
  }
  const outcome = parser.finish();
  if (complete && !(outcome instanceof Error)) return { ...result, end: 'by closing' };
  return result;
}
