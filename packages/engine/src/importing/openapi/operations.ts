import { isMapping, type Mapping } from '../mapping.js';
import type { ApiDocument } from './document.js';

/** An operation as it stands in the document. */
export interface Operation {
  method: string;
  /** Its template, such as `/pets/{id}`; it begins with a slash. */
  path: string;
  item: Mapping;
  operation: Mapping;
}

/** All operations of a document; those that can never be called are told. */
export interface Operations {
  operations: Operation[];
  /** One sentence each. */
  leftOut: string[];
  /** What was read otherwise than it is written. */
  warnings: string[];
}

/** As they are written in a path item. */
const METHODS: ReadonlySet<string> = new Set(['get', 'head', 'options', 'post', 'put', 'patch', 'delete', 'query']);
const NEVER: Readonly<Record<string, string>> = {
  trace: 'TRACE returns what it was sent, with its credentials, and is never sent',
  connect: 'CONNECT opens a tunnel, and is never sent',
};

/** Every operation under `paths`, in the order of the document. */
export function operationsOf(document: ApiDocument): Operations {
  const { root } = document;
  const found: Operations = { operations: [], leftOut: [], warnings: [] };
  if (!isMapping(root['paths'])) return found;
  for (const [path, written] of Object.entries(root['paths'])) {
    if (path.startsWith('x-')) continue;
    const own = pathOf(path);
    const item = itemOf(written, document);
    const broken = document.brokenReference(written);
    if (broken !== null && operationKeys(item).length === 0) found.leftOut.push(`Left out: path ${path}: ${broken}`);
    else if (item === null) found.leftOut.push(`Left out: path ${path}: what is written for it is no mapping`);
    else if (own === null) {
      for (const [method] of operationKeys(item))
        found.leftOut.push(`Left out: ${method} ${path}: this path does not begin with /`);
    } else {
      if (own !== path && !path.startsWith('/'))
        found.warnings.push(`${document.at(root['paths'], path)}: a path begins with /, so it is read as ${own}`);
      readItem(found, { path, own, item });
    }
  }
  return found;
}

/** A reference, and what stands beside it. */
function itemOf(written: unknown, { follow }: ApiDocument): Mapping | null {
  const target = follow(written);
  if (!isMapping(written)) return isMapping(target) ? target : null;
  const { $ref: _, ...beside } = written;
  return isMapping(target) ? (target === written ? written : { ...target, ...beside }) : beside;
}

/** Methods and what is written for them, also those that 3.2 lists apart. */
function operationKeys(item: Mapping | null): [method: string, written: unknown][] {
  if (item === null) return [];
  const more = isMapping(item['additionalOperations']) ? Object.entries(item['additionalOperations']) : [];
  const own = Object.entries(item).filter(
    ([key]) => METHODS.has(key.toLowerCase()) || Object.hasOwn(NEVER, key.toLowerCase()),
  );
  return [...own, ...more].map(([key, written]) => [key.toUpperCase(), written]);
}

function readItem(found: Operations, { path, own, item }: { path: string; own: string; item: Mapping }): void {
  const seen = new Set<string>();
  for (const [method, written] of operationKeys(item)) {
    const why = objection(method, written, seen);
    seen.add(method);
    if (why !== null) found.leftOut.push(`Left out: ${method} ${path}: ${why}`);
    else found.operations.push({ method, path: own, item, operation: isMapping(written) ? written : {} });
  }
}

function objection(method: string, written: unknown, seen: ReadonlySet<string>): string | null {
  if (seen.has(method)) return 'it is written twice for this path';
  const never = NEVER[method.toLowerCase()];
  if (never !== undefined) return never;
  if (!/^[A-Z]{1,20}$/.test(method)) return 'this method cannot be sent';
  // `get:` without anything is an operation of which nothing is described.
  return written === null || isMapping(written) ? null : 'what is written for it is no mapping';
}

/** A path begins with a slash, has no fragment, and no list of variables (RFC 6570) such as `{?q,limit}`. Null for what is none. */
function pathOf(written: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written) || /^\S*\s+\//.test(written)) return null;
  const [plain = ''] = written.split('#');
  const text = plain.trim().replace(/\{[?&][^{}]*\}/g, '');
  return text.startsWith('/') ? text : `/${text}`;
}
