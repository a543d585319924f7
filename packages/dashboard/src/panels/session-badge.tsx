import type { EndCode, SessionRow } from '@hive/contract';
import { Badge, type Tone } from '../ui/badge';

const TONES = {
  running: 'honey',
  completed: 'good',
  stopped: 'plain',
  interrupted: 'bad',
  failed: 'bad',
} as const satisfies Record<SessionRow['status'], Tone>;

/** Ends that are no success, though the session came to them by itself. */
const ENDS: Partial<Record<EndCode, { word: string; tone: Tone }>> = {
  budget: { word: 'out of time', tone: 'plain' },
  not_applicable: { word: 'does not apply', tone: 'plain' },
  target_unreachable: { word: 'target unreachable', tone: 'bad' },
  did_not_recover: { word: 'did not recover', tone: 'bad' },
  stopped_by_guard: { word: 'stopped by a guard', tone: 'bad' },
};

type Ended = Pick<SessionRow, 'status' | 'end_code'>;

/** How a session stands, or how it ended: the word and its tone. */
export function endOf({ status, end_code: code }: Ended): { word: string; tone: Tone } {
  return (code === null ? undefined : ENDS[code]) ?? { word: status, tone: TONES[status] };
}

/** How a session stands, or how it ended. */
export function SessionBadge(session: Ended) {
  const { word, tone } = endOf(session);
  return <Badge tone={tone}>{word}</Badge>;
}
