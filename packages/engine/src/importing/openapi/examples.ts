import { createContext, Script } from 'node:vm';
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import type { GenerateSyncOptions, generateSync } from 'json-schema-faker';
import type { ApiDocument } from './document.js';
import { createSchemaWriter } from './schema.js';
import type { Mapping } from '../mapping.js';
import { unroll } from './unroll.js';

/** Finds values that a schema accepts. */
export interface Examples {
  /** The first of `written` that the schema accepts, else one that is made. Null: none was found. */
  valueFor(schema: unknown, written: readonly unknown[]): { value: unknown } | null;
}

/** From the richest to the barest; the first that a real validator accepts is taken. */
const ATTEMPTS: (GenerateSyncOptions & { gentle: boolean })[] = [
  { gentle: true, alwaysFakeOptionals: true },
  { gentle: false, alwaysFakeOptionals: true },
  { gentle: false, optionalsProbability: 0.5 },
  { gentle: true, optionalsProbability: 0 },
  { gentle: false, optionalsProbability: 0 },
];
const DEPTH = 20;
/** What takes longer has no end, as good as: one try, and all of a document, ms. */
const LONGEST_TRY_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * Examples and defaults that are written in the document come first, made-up values (json-schema-faker, seeded) last. Each is
 * checked against its schema before it is used, for what documents give as examples is often wrong.
 */
export async function createExamples(document: ApiDocument, seed: number): Promise<Examples> {
  // Loaded only here: they are large, and most commands import no document.
  const [{ Ajv2020 }, formats, { generateSync }] = await Promise.all([
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
    import('json-schema-faker'),
  ]);
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: true, allErrors: false });
  formats.default.default(ajv);
  const exact = createSchemaWriter(document, { gentle: false });
  const gentle = createSchemaWriter(document, { gentle: true });
  const limited = createLimiter();
  return {
    valueFor(schema, written) {
      const wanted = exact.standAlone(schema);
      const softened = gentle.standAlone(schema);
      const validate = compile(ajv, wanted.schema);
      if (validate === null) return null;
      const accepts = (value: unknown): boolean => limited(() => validate(value)).done === true;
      const found = written.find((value) => value !== undefined && accepts(value));
      if (found !== undefined) return { value: found };
      if (wanted.tooMuch) return null;
      let slow = 0;
      // What is asked for may be more than what examples are kept to: then once more without that.
      for (const isShort of [true, false]) {
        const [plain, soft] = [wanted, softened].map((one) => unroll(one.schema, isShort)) as [Unrolled, Unrolled];
        if (plain === null || soft === null) return null;
        for (const { gentle: isSoft, ...options } of ATTEMPTS) {
          // What is slow with all its options may be quick without.
          if (slow > 0 && options.optionalsProbability !== 0) continue;
          const { done: value, timedOut } = limited(() =>
            make(generateSync, isSoft ? soft : plain, { ...options, seed }),
          );
          if (timedOut) slow += 1;
          if (slow > 1) return null;
          if (value !== undefined && accepts(value)) return { value };
        }
      }
      return null;
    },
  };
}

function compile(ajv: Ajv2020, schema: Mapping): ValidateFunction | null {
  try {
    return ajv.compile(schema);
  } catch {
    // A schema that is none, such as one with a pattern that is no regular expression: nothing can be said to fit it.
    return null;
  }
}

type Unrolled = ReturnType<typeof unroll>;

/** Runs what may take for ever, each call within a time. `done` is undefined where it threw or took too long. */
function createLimiter(): <T>(run: () => T) => { done: T | undefined; timedOut: boolean } {
  // Only a script's time can be limited, and with it that of all it calls.
  const call = new Script('run()');
  const scope: { run: () => unknown } = { run: () => undefined };
  const context = createContext(scope);
  let leftMs = LONGEST_MS;
  return <T>(run: () => T) => {
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

function make(generate: typeof generateSync, schema: Mapping, options: GenerateSyncOptions): unknown {
  const value = generate(schema, {
    ...options,
    useExamplesValue: true,
    useDefaultValue: true,
    maxDepth: DEPTH,
    maxDefaultItems: 2,
    minDateTime: '2024-01-01',
    maxDateTime: '2025-12-31',
    formats: { byte: () => 'aGl2ZQ==' },
  });
  // Undefined parts vanish on the way to the service; what is checked must be what is sent.
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
