import type { Validity, Verdict } from '@hive/contract';
import { Check, CircleSlash, HelpCircle, TriangleAlert, X } from 'lucide-react';
import { Badge, type Tone } from '../ui/badge';

const VERDICTS = {
  passed: { text: 'passed', tone: 'good', Icon: Check },
  failed: { text: 'failed', tone: 'bad', Icon: X },
  undecided: { text: 'undecided', tone: 'plain', Icon: HelpCircle },
  aborted: { text: 'aborted', tone: 'plain', Icon: CircleSlash },
  not_applicable: { text: 'not applicable', tone: 'plain', Icon: CircleSlash },
} as const satisfies Record<Verdict, { text: string; tone: Tone; Icon: typeof Check }>;

export interface VerdictBadgeProps {
  verdict: Verdict | null;
  validity: Validity | null;
  /** It is being executed now. */
  running: boolean;
}

/** What a scenario showed; a measurement that is not to be trusted says so beside it. */
export function VerdictBadge({ verdict, validity, running }: VerdictBadgeProps) {
  if (running) return <Badge tone="honey">running</Badge>;
  if (verdict === null) return <Badge>not run</Badge>;
  const { text, tone, Icon } = VERDICTS[verdict];
  const doubtful = validity !== null && validity.status !== 'valid';
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-1">
      {doubtful ? (
        <Badge tone={validity.status === 'invalid' ? 'bad' : 'honey'} title={validity.reasons.join(' ')}>
          <TriangleAlert aria-hidden="true" className="size-3" />
          {validity.status}
        </Badge>
      ) : null}
      <Badge tone={tone}>
        <Icon aria-hidden="true" className="size-3" />
        {text}
      </Badge>
    </span>
  );
}
