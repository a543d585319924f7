import type { SessionRow } from '@hive/contract';
import { Badge, type Tone } from '../ui/badge';

const TONES = {
  running: 'honey',
  completed: 'good',
  stopped: 'plain',
  interrupted: 'bad',
  failed: 'bad',
} as const satisfies Record<SessionRow['status'], Tone>;

/** How a session stands, or how it ended. */
export function SessionBadge({ status }: Pick<SessionRow, 'status'>) {
  return <Badge tone={TONES[status]}>{status}</Badge>;
}
