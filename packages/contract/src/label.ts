import { z } from 'zod';

const MOST_LABELS = 20;
const labelText = (most: number) => z.string().min(1).max(most);
/** What people mark a session with, such as `{ branch: 'main' }`. */
export const labelsSchema = z
  .record(labelText(63).regex(/^[\w.-]+$/, 'write letters, digits, _, . or -'), labelText(200))
  .refine((labels) => Object.keys(labels).length <= MOST_LABELS, `at most ${MOST_LABELS} labels`);
export type Labels = z.infer<typeof labelsSchema>;
