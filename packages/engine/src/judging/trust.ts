import type { Validity } from '@hive/contract';
import type { Around, Soundness } from '../measuring.js';
import type { Facts, Judge, Judgement } from './facts.js';
import { passesInTime } from './lateness.js';

const LATE = 'the load generator sent requests late: sent on time, they would have met the objectives';
const OUT_OF_TIME = "the load generator's thread had no time left";

/** What is known beside what was measured. */
export interface Circumstances {
  soundness: Soundness;
  around: Around;
}

/**
 * How far a verdict can be trusted. What passed with every delay of the generator's counted against the target, passed. What failed may have
 * failed for another's sake: then it is invalid, with the cause where that can be told. A ceiling is the generator's own; what left this machine
 * too little, a disturbance. The target's own pauses make sends late too, so lateness alone does not excuse a failure on a machine that
 * nobody else used.
 */
export function trustIn(
  measured: { facts: Facts; judge: Judge; judged: Judgement },
  { soundness, around }: Circumstances,
): Validity {
  const { always, whenMissed } = soundness;
  const { verdict } = measured.judged;
  if (always.status === 'invalid') return invalid(always.reasons, { soundness, around });
  if (isMet(measured.judged)) return { status: always.status, reasons: both(always, whenMissed) };
  const late = verdict === 'failed' && passesInTime(measured) ? [LATE] : [];
  const spoiled = [...late, ...spoiledBy({ soundness, around })];
  if (spoiled.length > 0) return invalid([...both(always, whenMissed), ...spoiled], { soundness, around });
  const status = worse(always.status, whenMissed.status);
  // Nobody else had the machine: it was the target that took its time.
  const isItsOwn = status === 'invalid' && verdict === 'failed' && around.state === 'quiet';
  if (isItsOwn || status !== 'invalid')
    return { status: isItsOwn ? 'suspect' : status, reasons: both(always, whenMissed) };
  return invalid(both(always, whenMissed), { soundness, around });
}

/** It passed, or had too few requests for that and broke nothing. */
function isMet({ verdict, evidence }: Judgement): boolean {
  if (verdict !== 'undecided') return verdict === 'passed';
  return (
    evidence?.type === 'counts' &&
    evidence.clauses.every(({ bad, planned, allowedShare }) => bad <= allowedShare * planned)
  );
}

/** What kept a run from showing what the target can take, in words. */
function spoiledBy({ soundness, around }: Circumstances): string[] {
  // Where Hive waited for a core, so may the target have.
  const isSpoiled = around.state === 'busy' || (around.state === 'full' && soundness.isDelayed);
  return [...(soundness.isThreadFull ? [OUT_OF_TIME] : []), ...(isSpoiled ? [around.by] : [])];
}

/** The same of a ramp, which ends where the objectives broke: whether it was the target that broke them. */
export function trustInRamp(broke: boolean, { soundness: whole, around }: Circumstances): Validity {
  const soundness = { ...whole, isThreadFull: whole.isFullAtEnd };
  const { always, whenMissed } = soundness;
  if (!broke)
    return { status: always.status, reasons: both(always, whenMissed), ...causeOf({ soundness, around }, always) };
  const spoiled = spoiledBy({ soundness, around });
  if (spoiled.length > 0) return invalid([...both(always, whenMissed), ...spoiled], { soundness, around });
  const status = worse(always.status, whenMissed.status);
  if (status !== always.status && status === 'invalid' && around.state === 'quiet')
    return { status: 'suspect', reasons: both(always, whenMissed) };
  return { status, reasons: both(always, whenMissed), ...causeOf({ soundness, around }, { status }) };
}

function invalid(reasons: string[], of: Circumstances): Validity {
  return { status: 'invalid', reasons: [...new Set(reasons)], ...causeOf(of, { status: 'invalid' }) };
}

/** A thread that had no time left is a ceiling wherever it ran; requests that were never sent, where nobody else had the machine. */
function causeOf({ soundness, around }: Circumstances, { status }: Pick<Validity, 'status'>): Pick<Validity, 'cause'> {
  if (status !== 'invalid') return {};
  if (soundness.isThreadFull) return { cause: 'ceiling' };
  if (around.state === 'unknown') return {};
  if (around.state !== 'quiet') return { cause: 'disturbance' };
  return soundness.couldNotSend ? { cause: 'ceiling' } : {};
}

function both(always: Validity, whenMissed: Validity): string[] {
  return [...always.reasons, ...whenMissed.reasons];
}

const ORDER = ['valid', 'suspect', 'invalid'] as const;

function worse(a: Validity['status'], b: Validity['status']): Validity['status'] {
  return ORDER[Math.max(ORDER.indexOf(a), ORDER.indexOf(b))] as Validity['status'];
}
