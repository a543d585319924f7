import { OUTCOME_WORDS, VALIDITY_WORDS, type Outcome, type ScenarioRow, type Validity } from '@hive/contract';
import { Check, CircleSlash, HelpCircle, TrendingUp, TriangleAlert, X } from 'lucide-react';
import { Badge, type Tone } from '../ui/badge';

const LOOKS = {
  passed: { tone: 'good', Icon: Check },
  failed: { tone: 'bad', Icon: X },
  undecided: { tone: 'plain', Icon: HelpCircle },
  not_usable: { tone: 'bad', Icon: TriangleAlert },
  ramp: { tone: 'info', Icon: TrendingUp },
  aborted: { tone: 'plain', Icon: CircleSlash },
  not_applicable: { tone: 'plain', Icon: CircleSlash },
} as const satisfies Record<Outcome, { tone: Tone; Icon: typeof Check }>;

export interface VerdictBadgeProps {
  outcome: Outcome | null;
  validity: Validity | null;
  /** It is being executed now. */
  running: boolean;
}

/** What came of a run, in one badge; a measurement that is not to be trusted says so in it. */
export function VerdictBadge({ outcome, validity, running }: VerdictBadgeProps) {
  if (running) return <Badge tone="honey">running</Badge>;
  if (outcome === null) return <Badge>not run</Badge>;
  const doubtful = validity?.status === 'suspect' && outcome !== 'aborted' && outcome !== 'not_applicable';
  const { tone, Icon } = doubtful ? { tone: 'honey' as const, Icon: TriangleAlert } : LOOKS[outcome];
  return (
    <Badge tone={tone} title={validity?.reasons.join(' ') ?? ''}>
      <Icon aria-hidden="true" className="size-3" />
      {sayOutcome(outcome, doubtful)}
    </Badge>
  );
}

/** `passed`, `failed, doubtful`, `not usable`, `ramp`. */
function sayOutcome(outcome: Outcome, doubtful: boolean): string {
  if (!doubtful) return OUTCOME_WORDS[outcome];
  return outcome === 'undecided' ? VALIDITY_WORDS.suspect : `${OUTCOME_WORDS[outcome]}, ${VALIDITY_WORDS.suspect}`;
}

/** Why a measurement is not to be trusted, beside what its reason says already. */
export function furtherDoubts({ reason, validity }: Pick<ScenarioRow, 'reason' | 'validity'>): string[] {
  return (validity?.reasons ?? []).filter((doubt) => reason?.includes(doubt) !== true);
}
