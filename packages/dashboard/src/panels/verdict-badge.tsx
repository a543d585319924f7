import { VALIDITY_WORDS, VERDICT_WORDS, type Validity, type Verdict } from '@hive/contract';
import { Check, CircleSlash, HelpCircle, TriangleAlert, X } from 'lucide-react';
import { Badge, type Tone } from '../ui/badge';

const LOOKS = {
  passed: { tone: 'good', Icon: Check },
  failed: { tone: 'bad', Icon: X },
  undecided: { tone: 'plain', Icon: HelpCircle },
  aborted: { tone: 'plain', Icon: CircleSlash },
  not_applicable: { tone: 'plain', Icon: CircleSlash },
} as const satisfies Record<Verdict, { tone: Tone; Icon: typeof Check }>;

export interface VerdictBadgeProps {
  verdict: Verdict | null;
  validity: Validity | null;
  /** It is being executed now. */
  running: boolean;
}

/** What a run showed, in one badge; a measurement that is not to be trusted says so in it. */
export function VerdictBadge({ verdict, validity, running }: VerdictBadgeProps) {
  if (running) return <Badge tone="honey">running</Badge>;
  if (verdict === null) return <Badge>not run</Badge>;
  if (validity !== null && validity.status !== 'valid') {
    const word = VALIDITY_WORDS[validity.status];
    // What cannot be used has no verdict either.
    const says = validity.status === 'suspect' && verdict !== 'undecided';
    return (
      <Badge tone={validity.status === 'invalid' ? 'bad' : 'honey'} title={validity.reasons.join(' ')}>
        <TriangleAlert aria-hidden="true" className="size-3" />
        {says ? `${VERDICT_WORDS[verdict]}, ${word}` : word}
      </Badge>
    );
  }
  const { tone, Icon } = LOOKS[verdict];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" className="size-3" />
      {VERDICT_WORDS[verdict]}
    </Badge>
  );
}
