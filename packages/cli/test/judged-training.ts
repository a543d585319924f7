import type { Limit } from '@hive/contract';
import { untilJudged } from '../../../test/until-judged.js';
import { hive } from './hive-process.js';

export interface TrainingReport {
  session_id: string;
  target: string;
  /** `undecided`: nothing valid was measured. */
  verdict: string;
  reason: string;
  limits: Limit[];
}

/** `hive train --json …`, again while it says that nothing valid was measured. */
export async function trainJudged(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ report: TrainingReport; stderr: string }> {
  return untilJudged(
    'hive train',
    async () => {
      const { stdout, stderr } = await hive(['train', '--json', ...args], env);
      return { report: JSON.parse(stdout) as TrainingReport, stderr };
    },
    ({ report: { verdict, reason } }) => ({
      status: verdict === 'undecided' ? 'invalid' : 'valid',
      reasons: [reason],
    }),
  );
}
