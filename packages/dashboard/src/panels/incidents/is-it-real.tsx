import type { IncidentDetail } from '@hive/contract';
import { Card } from '../../ui/card';
import { ResultBadge } from '../result-badge';
import { sayWhetherReal } from './judge-incident';

const MOST_SHOWN = 12;

/** Whether it is the target or Hive itself: what other targets and this machine showed in those minutes. */
export function IsItReal({ detail }: { detail: IncidentDetail }) {
  const { others } = detail;
  return (
    <Card label="Is it real?">
      <p className="text-sm text-pretty">{sayWhetherReal(detail).join(' ')}</p>
      {others.length === 0 ? null : (
        <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
          {others.slice(0, MOST_SHOWN).map(({ target, result }) => (
            <li key={target} className="flex min-w-0 items-center gap-1.5">
              <span className="truncate">{target}</span> <ResultBadge result={result} />
            </li>
          ))}
          {others.length > MOST_SHOWN ? (
            <li className="text-ink-soft">and {others.length - MOST_SHOWN} others</li>
          ) : null}
        </ul>
      )}
    </Card>
  );
}
