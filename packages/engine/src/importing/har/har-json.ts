import { HiveError } from '@hive/contract';
import { isMapping } from '../mapping.js';

const HINT = { hint: 'save it again from the network panel of a browser' };

/** The entries of an HTTP Archive as they are written. `brokenOff`: its end is missing, and what came before was read. @throws HiveError `validation`. */
export function readEntryList(given: string): { list: unknown[]; brokenOff: boolean } {
  const text = given.replace(/^\uFEFF/, '');
  let har: unknown;
  try {
    har = JSON.parse(text);
  } catch (error) {
    const list = wholeEntries(text);
    if (list.length > 0) return { list, brokenOff: true };
    const message = `the HAR file is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new HiveError('validation', message, HINT);
  }
  const log = isMapping(har) && isMapping(har['log']) ? har['log'] : har;
  const entries = isMapping(log) ? log['entries'] : log;
  // A bare list is taken where it holds something.
  if (Array.isArray(entries) && (isMapping(log) || entries.length > 0)) return { list: entries, brokenOff: false };
  throw new HiveError('validation', 'the file is not a HAR file: it has no log.entries', HINT);
}

/** The entries that are complete in a JSON text that is not. */
function wholeEntries(text: string): unknown[] {
  const start = /"entries"\s*:\s*\[/.exec(text);
  if (start === null) return [];
  const list: unknown[] = [];
  const mark = /"(?:[^"\\]|\\.)*"|[[\]{}]/g;
  mark.lastIndex = start.index + start[0].length;
  let depth = 0;
  let from = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    const [token] = match;
    if (token === '{' || token === '[') {
      if (depth === 0) from = match.index;
      depth += 1;
    } else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth < 0) break;
      if (depth === 0) list.push(parsed(text.slice(from, match.index + 1)));
    }
  }
  return list;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
