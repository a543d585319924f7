import { ERRORS, EXIT, type EndCode, type Validity } from '@hive/contract';
import type { ExpectationOutcome } from './arguments/expectation.js';

/** What a session came to, for whoever asked for it. */
type SessionVerdict = 'aborted' | 'undecided' | 'failed' | 'passed';

/** Nothing valid was measured: undecided. Else the expectations decide; a run that failed on the way is no failure. */
export function sessionVerdict(session: {
  stopped: boolean;
  /** Of its finished runs. */
  validities: readonly Validity[];
  expectations: readonly ExpectationOutcome[];
}): SessionVerdict {
  const { stopped, validities, expectations } = session;
  if (stopped) return 'aborted';
  if (validities.length > 0 && validities.every(({ status }) => status === 'invalid')) return 'undecided';
  return expectations.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'passed';
}

/** The exit code of a session; `written`: each report that was asked for is. */
export function exitOfSession(
  verdict: SessionVerdict,
  { code, written }: { code: EndCode | null; written: boolean },
): number {
  if (code === 'target_unreachable') return ERRORS.target_unreachable.exit;
  const { aborted, invalid: undecided, objectiveFailed: failed, passed } = EXIT;
  const exit = { aborted, undecided, failed, passed }[verdict];
  return exit === passed && !written ? EXIT.unexpected : exit;
}
