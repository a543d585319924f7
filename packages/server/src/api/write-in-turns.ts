import { z } from 'zod';
import { createTurns } from '../turns.js';

/** This many rows are checked and written at once, in a few milliseconds. */
const MANY = 50;

/** An answer as JSON, with what its schema allows and nothing else. @throws ZodError where it is not as the schema says. */
export const writtenBy = (schema: z.ZodType, answer: unknown): string => JSON.stringify(schema.parse(answer));

/**
 * An answer with many rows as JSON, checked and written row by row, so that others have their turn meanwhile; null: it has few, and is
 * written as any other.
 */
export async function writeInTurns(schema: z.ZodType, answer: unknown): Promise<string | null> {
  if (!(schema instanceof z.ZodObject) || typeof answer !== 'object' || answer === null) return null;
  const found = Object.entries(answer).find(([, value]) => Array.isArray(value) && value.length > MANY);
  if (found === undefined) return null;
  const [name, rows] = found as [string, unknown[]];
  const list: unknown = schema.shape[name];
  if (!(list instanceof z.ZodArray)) return null;
  const row = list.element as z.ZodType;
  const turn = createTurns();
  const texts: string[] = [];
  for (const one of rows) {
    texts.push(writtenBy(row, one));
    await turn();
  }
  const rest = Object.entries(schema.parse({ ...answer, [name]: [] }) as object);
  const parts = rest.flatMap(([key, value]) => {
    const text = key === name ? `[${texts.join(',')}]` : (JSON.stringify(value) as string | undefined);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return `{${parts.join(',')}}`;
}
