import { suggestion, targetInputSchema, withHeaders, type Headers, type TargetInput } from '@hive/contract';
import { commonHeaders, readBlocks, type Blocks, type BlockValues } from './file-blocks.js';
import { withBodyFiles } from './body-files.js';
import { fillAddresses, referenceMistakes } from './file-references.js';
import { TARGET_KEYS, unknownKeys } from './known-keys.js';
import { isMapping, type Mapping, type NoteMistake } from '../mapping.js';
import { fieldOf, mistakesError } from '../mistakes.js';
import type { Environment } from '../../safety/secrets.js';
import type { Places } from '../yaml-place.js';
import { readYaml } from '../yaml-text.js';

/** What a hive.yaml says. */
export interface TargetFile {
  /** `${NAME}` in headers, paths and bodies stays as it is written: see `resolveSecrets`. */
  target: TargetInput;
  /** What the blocks `train:` and `run:` say, each value as its parser returned it. */
  blocks: BlockValues;
}

export interface TargetFileOptions {
  /** What `${NAME}` may stand for. Names without a value or a default are reported. */
  environment: Environment;
  /** As it is shown in messages. */
  fileName: string;
  /** Reads a file that is named in it, such as the body of a request; absent: none may be named. Throws an Error that says why it cannot. */
  readFile?: (path: string) => Uint8Array;
  /** The blocks beside the target, and how each of their values is read. Without it they are skipped. */
  blocks?: Blocks;
}

const BLOCKS = ['train', 'run'];

/**
 * Reads a hive.yaml (or the same in JSON): the description of a target, `headers` that all its requests carry, and the blocks
 * `train:` and `run:` with defaults for these commands. Keys that begin with `x-` are for the author's own use.
 * Addresses are filled in from the environment, for they are shown and checked; what may be secret is not.
 * @throws HiveError `validation` with everything that is wrong at once: line, column, field and how to fix it.
 */
export function readTargetFile(text: string, options: TargetFileOptions): TargetFile {
  const { value, places, mistakes, trusted } = readYaml(text);
  const fail = (): never => {
    throw mistakesError(options.fileName, mistakes);
  };
  if (!trusted) return fail();
  if (!isMapping(value)) {
    mistakes.push({ line: 1, column: 1, field: '', message: notMapping(value) });
    return fail();
  }
  const note: NoteMistake = ({ line, column }, path, message) => {
    mistakes.push({ line, column, field: fieldOf(path), message });
  };
  const { headers, train, run, ...rest } = value;
  const description = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith('x-')));
  const common = commonHeaders(headers, { places, note });
  const blocks = readBlocks({ train, run }, { places, note, blocks: options.blocks });
  referenceMistakes(value, { places, note, environment: options.environment });
  const whole = withBodyFiles(description, { places, note, readFile: options.readFile });
  const filled = fillAddresses(whole, { places, note, environment: options.environment });
  for (const { path, known } of unknownKeys(filled)) {
    const also = path.length === 1 ? ['headers', ...BLOCKS] : [];
    note(places.key(path), path, `is unknown: ${suggestion(String(path.at(-1)), [...known, ...also])}`);
  }
  const target = validate(withoutUnknown(filled), { places, note });
  if (mistakes.length > 0 || target === null) return fail();
  return { target: withCommon(target, common), blocks };
}

type Issue = NonNullable<ReturnType<typeof targetInputSchema.safeParse>['error']>['issues'][number];

/** Every objection of the contract's own schema is noted. */
function validate(input: Mapping, { places, note }: { places: Places; note: NoteMistake }): TargetInput | null {
  const first = targetInputSchema.safeParse(input);
  if (first.success) return input;
  const { issues } = first.error;
  // Rules about the whole are looked at only once every part is right: the wrong parts are replaced, and asked again.
  const second = targetInputSchema.safeParse(repaired(input, issues));
  for (const issue of [...issues, ...(second.success ? [] : second.error.issues)]) {
    if (issue.code === 'unrecognized_keys') continue;
    note(places.value(issue.path), issue.path, issue.message);
  }
  return null;
}

const PLACEHOLDER = 'http://127.0.0.1';

function repaired(input: Mapping, issues: readonly Issue[]): Mapping {
  const result: Mapping = { ...input };
  for (const { path, code } of issues) {
    const [key, index] = path;
    if (typeof key !== 'string' || code === 'unrecognized_keys') continue;
    const list = result[key];
    if (key === 'url') result[key] = PLACEHOLDER;
    else if (key === 'nodes') result[key] = [{ url: PLACEHOLDER }];
    else if (key === 'requests' && Array.isArray(list) && typeof index === 'number')
      result[key] = list.map((item: unknown, at) => (at === index ? {} : item));
    else delete result[key];
  }
  return result;
}

function withoutUnknown(input: Mapping): Mapping {
  return Object.fromEntries(Object.entries(input).filter(([key]) => TARGET_KEYS.includes(key)));
}

/** Common headers are put before each request's own, which win whatever their case. */
function withCommon(target: TargetInput, common: Headers): TargetInput {
  if (Object.keys(common).length === 0) return target;
  const requests = (target.requests?.length ? target.requests : [{}]).map((request) => ({
    ...request,
    headers: withHeaders(common, request.headers ?? {}),
  }));
  return { ...target, requests };
}

function notMapping(value: unknown): string {
  const example = 'write at least url: http://127.0.0.1:8080, or let hive init write it';
  return value === null || value === undefined
    ? `the file is empty: ${example}`
    : `does not describe a target: ${example}`;
}
