import { foundNothing, type EndCode, type SessionRow } from '@hive/contract';
import { Badge, type Tone } from '../ui/badge';

const TONES: Partial<Record<SessionRow['status'], Tone>> = { running: 'honey', completed: 'good' };

/** Ends that are no success, though the session came to them by itself. */
const ENDS: Partial<Record<EndCode, string>> = {
  budget: 'out of time',
  not_applicable: 'does not apply',
  target_unreachable: 'target unreachable',
  did_not_recover: 'did not recover',
  stopped_by_guard: 'stopped by a guard',
  max_requests: 'request cap reached',
  max_bad_requests: 'too many errors',
  outside_hours: 'hours ended',
};

type Ended = Pick<SessionRow, 'status' | 'end_code'>;

/** How a session stands, or how it ended: the word and its tone. */
export function endOf(session: Ended): { word: string; tone: Tone } {
  const { status, end_code: code } = session;
  const end = code === null ? undefined : ENDS[code];
  const tone = foundNothing(session) ? 'bad' : end === undefined ? TONES[status] : 'plain';
  return { word: end ?? status, tone: tone ?? 'plain' };
}

/** How a session stands, or how it ended. */
export function SessionBadge(session: Ended) {
  const { word, tone } = endOf(session);
  return <Badge tone={tone}>{word}</Badge>;
}
