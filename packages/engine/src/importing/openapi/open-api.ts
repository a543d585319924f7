import { HiveError, type TargetInput } from '@hive/contract';
import { counted, createNames, MOST_REQUESTS, type Imported } from '../imported.js';
import type { Mapping } from '../mapping.js';
import { readApiDocument } from './document.js';
import { createExamples } from './schemas/examples.js';
import { createHider } from './hidden.js';
import { operationsOf, type Operation } from './operations.js';
import { requestFor, type With } from './request.js';
import { serversOf, type Servers } from './servers.js';
import { isRead, optionalSecrets, readsFirst } from '../traffic-target.js';

export interface OpenApiOptions {
  /** Takes the place of every host of the document; needed where its servers are relative. */
  serverUrl?: string;
  /** As it is shown in messages. */
  fileName?: string;
  /** The same seed gives the same examples. */
  seed: number;
  /** Told after each operation. */
  onProgress?: (done: number, all: number) => void;
}

type RequestInput = NonNullable<TargetInput['requests']>[number];

/** Where requests are made, others get their turn at least so often. */
const LONGEST_TURN_MS = 50;

/**
 * Makes a target of an OpenAPI document (3.0 to 3.2, YAML or JSON): one request for each operation, with parameters and a body
 * that its schemas accept. Credentials become `${NAME_TOKEN}`. What writes is there too, and off until `safety.allowWrites`. What is odd in
 * the document costs only the operations that need it; what is left out is told.
 * @throws HiveError `validation`: no such document, nothing that can be called, no host without `serverUrl`.
 */
export async function fromOpenApi(
  text: string,
  { serverUrl, seed, fileName = 'the OpenAPI document', onProgress }: OpenApiOptions,
): Promise<Imported> {
  const document = readApiDocument(text, fileName);
  const { operations, leftOut, warnings } = operationsOf(document);
  const all = operations.length + leftOut.length;
  const servers = serversOf({ document, operations }, serverUrl);
  const odd = new Set<string>([...document.warnings, ...warnings]);
  const hidden = new Set<string>();
  const hider = createHider(document, (name) => hidden.add(name));
  const examples = await createExamples(document, { seed, note: (one) => odd.add(one) });
  const made = newMade(leftOut);
  let turn = performance.now();
  for (const [index, operation] of operations.entries()) {
    add(made, operation, { document, examples, hider, servers });
    onProgress?.(index + 1, operations.length);
    if (performance.now() - turn < LONGEST_TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    turn = performance.now();
  }
  const kept = readsFirst(made.requests);
  if (kept.length === 0) throw nothing(all, made.leftOut);
  return {
    target: { url: servers.url, requests: kept },
    summary: `${counted(kept.length, 'request')} from ${counted(all, 'operation')}`,
    notes: [...made.leftOut, ...made.notes, ...servers.notes, ...general(made.requests, kept), ...problems([...odd])],
    secrets: [
      ...[...made.secrets].map(([name, purpose]) => ({ name, purpose })),
      ...optionalSecrets([...hidden].filter((name) => !made.secrets.has(name))),
    ],
    comments: made.comments,
  };
}

interface MadeSoFar {
  requests: RequestInput[];
  leftOut: string[];
  notes: Set<string>;
  comments: Record<string, string>;
  secrets: Map<string, string>;
  nameFor: (wish: string) => string;
}

const newMade = (leftOut: readonly string[]): MadeSoFar => ({
  requests: [],
  leftOut: [...leftOut],
  notes: new Set(),
  comments: {},
  secrets: new Map(),
  nameFor: createNames(),
});

function add(so: MadeSoFar, operation: Operation, with_: With & { servers: Servers }): void {
  const title = `${operation.method} ${operation.path}`;
  const place = with_.servers.placeOf(operation);
  if ('elsewhere' in place) {
    so.leftOut.push(`Left out: ${title} is served at ${place.elsewhere}`);
    return;
  }
  const made = requestFor(operation, place.before, with_);
  if ('impossible' in made) {
    so.leftOut.push(`Left out: ${title}: ${made.impossible}`);
    return;
  }
  const name = so.nameFor(wishFor(operation, with_));
  so.requests.push({ name, ...made.request, weight: 1 });
  for (const { name: variable, purpose } of made.secrets) so.secrets.set(variable, purpose);
  for (const scheme of made.unserved)
    so.notes.add(`The security scheme ${scheme} does not use a header: add what it needs`);
  for (const mark of made.marks) so.notes.add(`${title}: ${mark}`);
  const comment = [...commentOf(operation.operation, with_), ...made.marks].join('; ');
  if (comment !== '') so.comments[name] = with_.hider.comment(comment);
}

function general(requests: readonly RequestInput[], kept: readonly RequestInput[]): string[] {
  const writes = kept.filter(({ method }) => !isRead(method ?? 'GET')).length;
  const dropped = requests.length - kept.length;
  return [
    ...(dropped > 0
      ? [
          `Left out: ${counted(dropped, 'request')}; a target has at most ${MOST_REQUESTS}, and reading requests come first`,
        ]
      : []),
    ...(writes > 0 ? [`Not sent until safety.allowWrites is on: ${counted(writes, 'writing request')}`] : []),
    'Values are valid examples, not your data: if the service does not know an id it answers 404, which counts as an error',
  ];
}

const MOST_PROBLEMS = 20;

function problems(odd: readonly string[]): string[] {
  const rest = odd.length - MOST_PROBLEMS;
  return [
    ...odd.slice(0, MOST_PROBLEMS).map((one) => `Problem in the document: ${one}`),
    ...(rest > 0 ? [`Problem in the document: … and ${counted(rest, 'more problem')}`] : []),
  ];
}

function wishFor({ method, path, operation }: Operation, { hider }: With): string {
  const { operationId } = operation;
  if (typeof operationId === 'string' && operationId.trim() !== '') return hider.comment(operationId);
  return `${method.toLowerCase()}${hider.comment(path)}`;
}

function commentOf({ summary, deprecated }: Mapping, { hider }: With): string[] {
  const text = typeof summary === 'string' ? hider.comment(summary).replace(/\s+/g, ' ').trim().slice(0, 100) : '';
  return [...(text === '' ? [] : [text]), ...(deprecated === true ? ['deprecated'] : [])];
}

function nothing(operations: number, leftOut: readonly string[]): HiveError {
  if (operations === 0) {
    return new HiveError('validation', 'the OpenAPI document has no operations', {
      hint: 'describe at least one under paths',
    });
  }
  const message = `none of its ${counted(operations, 'operation')} can be called: ${leftOut.slice(0, 5).join('; ')}`;
  return new HiveError('validation', message, {
    hint: 'give examples in the document',
    details: { notes: [...leftOut] },
  });
}
