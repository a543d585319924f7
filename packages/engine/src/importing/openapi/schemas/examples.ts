import { createContext, Script } from 'node:vm';
import type { Ajv2020, Options, ValidateFunction } from 'ajv/dist/2020.js';
import type { GenerateSyncOptions, generateSync } from 'json-schema-faker';
import { createDiscriminators } from './discriminator.js';
import type { ApiDocument } from '../document.js';
import { FORMATS } from './formats.js';
import { readPattern } from './pattern.js';
import { type Converted, createSchemaWriter } from './schema.js';
import type { Mapping } from '../../mapping.js';
import { unroll, type UnrollOptions } from './unroll.js';

/** Finds values that a schema accepts. */
export interface Examples {
  /** The first of `written` that the schema accepts, else one that is made. */
  valueFor(schema: unknown, written: readonly unknown[]): Found | { none: string };
}

/** A value, and what a person should know about it: where it does not keep to its schema. */
export interface Found {
  value: unknown;
  marks: string[];
}

type Dropped = UnrollOptions['without'];

/** From the richest to the barest; the first that a real validator accepts is taken. */
const ATTEMPTS: (GenerateSyncOptions & { isGentle: boolean })[] = [
  { isGentle: true, alwaysFakeOptionals: true },
  { isGentle: false, alwaysFakeOptionals: true },
  { isGentle: false, optionalsProbability: 0.5 },
  { isGentle: true, optionalsProbability: 0 },
  { isGentle: false, optionalsProbability: 0 },
  { isGentle: false, optionalsProbability: 0, useExamplesValue: false, useDefaultValue: false },
];
/** What is not kept to when there is no other way. */
const RUNGS: readonly Dropped[] = [[], ['pattern'], ['pattern', 'format']];
const DEPTH = 20;
/** What takes longer has no end, as good as: one try, and all of a document, ms. */
const LONGEST_TRY_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * Examples and defaults that are written in the document come first, made-up values (json-schema-faker, seeded) last. Each is
 * checked against its schema before it is used, for what documents give as examples is often wrong. `note` is told what cannot be read.
 */
export async function createExamples(
  document: ApiDocument,
  { seed, note }: { seed: number; note: (text: string) => void },
): Promise<Examples> {
  // Loaded only here: it is large, and most commands import no document.
  const { generateSync } = await import('json-schema-faker');
  const { definitions, convert } = createSchemaWriter(document, {
    discriminators: createDiscriminators(document),
    note,
  });
  const validators = await createValidators(definitions);
  const limited = createLimiter();
  const known = new WeakMap<object, Map<string, Found | { none: string }>>();

  const find = (schema: unknown, written: readonly unknown[]): Found | { none: string } => {
    const wanted = convert(schema);
    const accepts = acceptor(wanted, []);
    const isQuick = isPlain(wanted);
    const found = written.length === 0 ? undefined : limited(isQuick, () => written.find(accepts)).done;
    if (found !== undefined) return { value: found, marks: [] };
    const made = makeOne(wanted, written);
    return 'value' in made || written.length === 0 ? made : { value: written[0], marks: [REFUSED] };
  };

  /** Compiled at once: it must not be interrupted. */
  const acceptor = (wanted: Converted, without: Dropped): ((value: unknown) => boolean) => {
    const validate = validators(wanted, without);
    return (value) => value !== undefined && (validate === null || validate(value));
  };

  const makeOne = (wanted: Converted, written: readonly unknown[]): Found | { none: string } => {
    let why: string | null = null;
    const seen = new Set<string>();
    for (const without of RUNGS) {
      const accepts = acceptor(wanted, without);
      const refused = without.length === 0 ? undefined : limited(false, () => written.find(accepts)).done;
      if (refused !== undefined) return { value: refused, marks: [REFUSED] };
      let slow = 0;
      // What is asked for may be more than what examples are kept to: then once more without that.
      for (const isShort of without.length === 0 ? [true, false] : [true]) {
        for (const { isGentle, ...options } of ATTEMPTS) {
          // What is slow with all its options may be quick without.
          if (slow > 1 || (slow > 0 && options.optionalsProbability !== 0)) continue;
          const plain = unroll(wanted, { definitions, isShort, isGentle, without });
          if ('endless' in plain) return { none: plain.endless ?? why ?? NOTHING };
          const { schema, dropped } = plain;
          // Nothing was dropped on this rung, so it would end as the one before.
          if (without.length > 0 && dropped.length === 0) return { none: why ?? NOTHING };
          for (const one of dropped) seen.add(one);
          const { done: value, timedOut } = limited(isPlain(schema), () => {
            const one = make(generateSync, schema, { ...options, seed });
            return accepts(one) ? one : undefined;
          });
          if (timedOut) slow += 1;
          if (value !== undefined) return { value, marks: dropped.map((one) => `made without ${one}`) };
        }
      }
      why = seen.size > 0 ? `Hive found no value for ${[...seen].join(', ')}` : NOTHING;
    }
    return { none: why ?? NOTHING };
  };

  return {
    valueFor(schema, written) {
      if (typeof schema !== 'object' || schema === null) return find(schema, written);
      const before = known.get(schema) ?? new Map<string, Found | { none: string }>();
      known.set(schema, before);
      const key = JSON.stringify(written);
      const found = before.get(key) ?? find(schema, written);
      before.set(key, found);
      return found;
    },
  };
}

const REFUSED = "the document's own example, which its schema does not accept";
const NOTHING = 'Hive found no value that its schema accepts';

/** Compiles schemas for a real validator, each definition once. Null for a schema that it refuses all the same. */
async function createValidators(
  definitions: ReadonlyMap<string, Converted>,
): Promise<(schema: Converted, without: Dropped) => ValidateFunction | null> {
  const [{ Ajv2020 }, formats] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  const regExp = Object.assign((pattern: string) => readPattern(pattern) ?? /(?:)/, { code: 'new RegExp' });
  const all = new Map<string, { ajv: Ajv2020; added: number }>();
  const validatorFor = (without: Dropped): { ajv: Ajv2020; added: number } => {
    const options: Options = {
      strict: false,
      logger: false,
      validateSchema: false,
      inlineRefs: false,
      code: { regExp, optimize: false },
    };
    const ajv = new Ajv2020({ ...options, validateFormats: !without.includes('format') });
    formats.default.default(ajv);
    if (without.includes('pattern')) ajv.removeKeyword('pattern');
    return { ajv, added: 0 };
  };
  return (schema, without) => {
    const key = without.join();
    const own = all.get(key) ?? validatorFor(without);
    all.set(key, own);
    for (const [name, definition] of [...definitions].slice(own.added)) own.ajv.addSchema(definition, name);
    own.added = definitions.size;
    try {
      return own.ajv.compile(schema);
    } catch {
      return null;
    }
  };
}

/** Runs what may take for ever, each call within a time. `done` is undefined where it threw or took too long. */
function createLimiter(): <T>(isQuick: boolean, run: () => T) => { done: T | undefined; timedOut: boolean } {
  // Only a script's time can be limited, and with it that of all it calls.
  const call = new Script('run()');
  const scope: { run: () => unknown } = { run: () => undefined };
  const context = createContext(scope);
  let leftMs = LONGEST_MS;
  return <T>(isQuick: boolean, run: () => T) => {
    // A limit costs more than most values do.
    if (isQuick) return { done: quietly(run), timedOut: false };
    if (leftMs <= 0) return { done: undefined, timedOut: true };
    scope.run = run;
    const began = performance.now();
    try {
      const timeout = Math.ceil(Math.min(LONGEST_TRY_MS, leftMs));
      return { done: call.runInContext(context, { timeout }) as T, timedOut: false };
    } catch (error) {
      // A schema without an end, or one that contradicts itself.
      const { code } = error as NodeJS.ErrnoException;
      return { done: undefined, timedOut: code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' };
    } finally {
      leftMs -= performance.now() - began;
    }
  };
}

function quietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

const SINGLE: ReadonlySet<string> = new Set(
  'type enum const format minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum examples default'.split(
    ' ',
  ),
);

/** One text, number or choice, without a pattern: it always comes to an end. */
const isPlain = (schema: Converted): boolean =>
  typeof schema === 'boolean' ||
  Object.keys(schema).every((key) => SINGLE.has(key) && !/array|object/.test(String(schema['type'])));

function make(generate: typeof generateSync, schema: Mapping, options: GenerateSyncOptions): unknown {
  const value = generate(schema, {
    useExamplesValue: true,
    useDefaultValue: true,
    ...options,
    maxDepth: DEPTH,
    maxDefaultItems: 2,
    minDateTime: '2024-01-01',
    maxDateTime: '2025-12-31',
    formats: FORMATS,
  });
  // Undefined parts vanish on the way to the service; what is checked must be what is sent.
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
