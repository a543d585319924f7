import {
  comparisonInWords,
  itemInWords,
  type Comparison,
  type ComparisonAnswer,
  type RouteOutput,
} from '@hive/contract';
import Link from 'next/link';
import { Card, Nothing } from '../../ui/card';
import { Moment } from '../../ui/moment';
import { BothCurves } from './both-curves';
import { Differences } from './differences';

export interface ComparisonViewProps {
  comparison?: Comparison;
  /** What is compared, the base being what the other is held against. */
  base?: RouteOutput<'getSession'>;
  candidate?: RouteOutput<'getSession'>;
  /** Why nothing could be compared. */
  refused?: string;
}

const TONES: Partial<Record<ComparisonAnswer, string>> = { worse: 'text-bad', better: 'text-good' };
const LINK = 'rounded font-medium text-honey-ink underline underline-offset-4';

/** Whether one session is worse than another, in the words of `hive compare`. */
export function ComparisonView({ comparison, base, candidate, refused }: ComparisonViewProps) {
  return (
    <div className="grid gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Compare two sessions</h1>
      <p className="text-sm text-pretty text-ink-soft">
        {base === undefined || candidate === undefined ? null : (
          <>
            The base is <SessionLink {...base} />, and <SessionLink {...candidate} /> is held against it.{' '}
          </>
        )}
        Choose two others on the{' '}
        <Link href="/sessions" className={LINK}>
          list of sessions
        </Link>
        .
      </p>
      <Card label="Answer">
        {comparison === undefined ? (
          <Nothing>{refused ?? 'Nothing to compare yet.'}</Nothing>
        ) : (
          <div className="grid gap-4">
            <p className={`font-medium text-pretty ${TONES[comparison.answer] ?? ''}`}>
              {comparisonInWords(comparison)}
            </p>
            {comparison.items.length === 0 ? null : <Items items={comparison.items} />}
          </div>
        )}
      </Card>
      {base === undefined || candidate === undefined ? null : (
        <>
          <BothCurves base={base} candidate={candidate} />
          <Differences base={base} candidate={candidate} />
        </>
      )}
    </div>
  );
}

function SessionLink({ id, target_id: target, started_at }: RouteOutput<'getSession'>) {
  return (
    <Link href={`/sessions/${encodeURIComponent(id)}`} prefetch={false} className={`${LINK} `}>
      {target} of <Moment at={started_at} withDate />
    </Link>
  );
}

function Items({ items }: Pick<Comparison, 'items'>) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-left text-sm">
        <thead className="text-xs text-ink-soft">
          <tr>
            {['Compared', 'Base', 'Candidate', 'Change', 'Answer'].map((head) => (
              <th key={head} scope="col" className="py-2 pr-6 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {items.map((item) => {
            const { what, base, candidate, change, answer } = itemInWords(item);
            return (
              <tr key={`${item.of} ${item.name}`}>
                <th scope="row" className="py-2 pr-6 font-medium">
                  {what}
                </th>
                <td className="py-2 pr-6 whitespace-nowrap">{base}</td>
                <td className="py-2 pr-6 whitespace-nowrap">{candidate}</td>
                <td className="py-2 pr-6 whitespace-nowrap">{change}</td>
                <td className="min-w-56 py-2 text-pretty">{answer}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
