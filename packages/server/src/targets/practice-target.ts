import { HiveError, type Target } from '@hive/contract';
import type { Store } from '../store/store.js';
import { findTarget } from './find-target.js';

const ANSWER_LIMIT_MS = 5_000;

/** What is needed to speak with the practice target. */
export interface PracticeParts {
  store: Pick<Store, 'getTarget'>;
  /** Address of the first node of the practice target that was started with this Hive; null: none was. */
  practice: string | null;
}

/** The practice target that this Hive started. Throws HiveError `not_found` for any other. */
export async function findPractice({ store, practice }: PracticeParts, id: string): Promise<Target> {
  const target = await findTarget(store, id);
  if (practice !== null && target.nodes[0]?.url === practice) return target;
  throw new HiveError('not_found', `this Hive did not start the target '${id}'`, {
    hint: 'only the practice target of hive up --demo knows its own limits',
  });
}

/**
 * Asks the practice target about itself.
 * @throws HiveError `validation` with what it says against it, `target_unreachable` when it does not answer.
 */
export async function askPractice<Answer>(practice: string, path: string, method: 'GET' | 'POST'): Promise<Answer> {
  const response = await fetch(new URL(path, practice), { method, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }).catch(
    (cause: unknown) => {
      throw new HiveError('target_unreachable', `the practice target at ${practice} does not answer`, { cause });
    },
  );
  const answer = (await response.json()) as Answer & { error?: string };
  if (!response.ok)
    throw new HiveError('validation', answer.error ?? `the practice target answered ${response.status}`);
  return answer;
}
