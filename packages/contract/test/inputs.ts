import type { z } from 'zod';
import { expect } from 'vitest';

/** The fields that a schema objects to, as scripts are told them: `requests.0.path`; of an unknown key, the key. */
export function refusedFields(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).flatMap((issue) => {
    const path = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [path];
    return issue.keys.map((key) => [path, key].filter(Boolean).join('.'));
  });
}

/** Takes it, and says the same of what it made of it. */
export function expectStable(schema: z.ZodType, value: unknown): void {
  const once = schema.parse(value);
  expect(schema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
}
