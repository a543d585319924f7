import { expect, it } from 'vitest';
import { z } from 'zod';
import { writeInTurns, writtenBy } from '../../src/api/write-in-turns.js';

const schema = z.object({
  rows: z.array(z.object({ id: z.number(), text: z.string().optional() })),
  next: z.string().nullable(),
  more: z.string().optional(),
  usual: z.string().default('u'),
});
const answer = (count: number) => ({
  rows: Array.from({ length: count }, (_, id) => ({ id, text: '"é"', hidden: 1 })),
  next: 'x',
});

it('writes many rows as they are written at once, and lets others have their turn', async () => {
  const many = answer(50_000);
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  const written = await writeInTurns(schema, many);
  clearInterval(counting);
  expect(written).toBe(writtenBy(schema, many));
  expect(turns).toBeGreaterThan(1);
});

it('leaves few rows, and what is no object, to whoever writes the others', async () => {
  expect(await writeInTurns(schema, answer(50))).toBeNull();
  expect(await writeInTurns(z.string(), 'x')).toBeNull();
});

it('refuses what the schema does not allow', async () => {
  const wrong = { ...answer(60), rows: Array.from({ length: 60 }, () => ({ id: 'x' })) };
  await expect(writeInTurns(schema, wrong)).rejects.toThrow();
});
