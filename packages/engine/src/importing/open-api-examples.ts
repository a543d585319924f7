import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import type { GenerateSyncOptions, generateSync } from 'json-schema-faker';
import type { ApiDocument } from './open-api-document.js';
import { createSchemaWriter } from './open-api-schema.js';
import type { Mapping } from './mapping.js';
import { unroll } from './open-api-unroll.js';

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
  return {
    valueFor(schema, written) {
      const wanted = exact.standAlone(schema);
      const softened = gentle.standAlone(schema);
      if (wanted === null || softened === null) return null;
      const accepts = compile(ajv, wanted);
      if (accepts === null) return null;
      const found = written.find((value) => value !== undefined && accepts(value));
      if (found !== undefined) return { value: found };
      const [plain, soft] = [unroll(wanted), unroll(softened)];
      if (plain === null || soft === null) return null;
      for (const { gentle: isSoft, ...options } of ATTEMPTS) {
        const made = make(generateSync, isSoft ? soft : plain, { ...options, seed });
        if (made !== null && accepts(made.value)) return made;
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

function make(generate: typeof generateSync, schema: Mapping, options: GenerateSyncOptions): { value: unknown } | null {
  try {
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
    return value === undefined ? null : { value: JSON.parse(JSON.stringify(value)) as unknown };
  } catch {
    // A schema without an end, or one that contradicts itself.
    return null;
  }
}
