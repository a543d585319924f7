import { KIND_LABELS, type RouteOutput } from '@hive/contract';
import { Card } from '../../ui/card';
import { duration, figure, percent } from '../../ui/format';

type Session = RouteOutput<'getSession'>;

/** What was asked for and with what it was measured, each in words; what is not known says nothing. */
const ASPECTS: Record<string, (session: Session) => string> = {
  Target: ({ target_id: target }) => target,
  Objectives: ({ scenarios }) => scenarios[0]?.parameters.objectives.join(', ') ?? '',
  Kinds: ({ kinds }) => kinds.map((kind) => KIND_LABELS[kind].label).join(', '),
  'Time budget': ({ budget_seconds: seconds }) => (seconds === null ? '' : duration(seconds)),
  'Wanted precision': ({ precision }) => (precision === null ? '' : `±${percent(precision)}`),
  Soak: ({ hold_seconds: seconds }) => (seconds === null ? '' : duration(seconds)),
  'Most requests/s': ({ max_rate_per_second: most }) => (most === null ? '' : figure(most)),
  'Most connections': ({ max_connections: most }) => (most === null ? '' : figure(most)),
  Labels: ({ labels }) =>
    Object.entries(labels)
      .map((pair) => pair.join('='))
      .join(', '),
  Nodes: ({ scenarios }) =>
    Object.keys(scenarios[0]?.results?.measurement?.nodes ?? {})
      .toSorted()
      .join(', '),
  'Runs that could not be used': ({ scenarios }) => figure(shareOf(scenarios, 'invalid')),
  'Doubtful runs': ({ scenarios }) => figure(shareOf(scenarios, 'suspect')),
};

const shareOf = (scenarios: Session['scenarios'], status: string): number =>
  scenarios.filter(({ validity }) => validity?.status === status).length;

/** In what the two sessions differ beside their results: a difference here may be the cause of one there. */
export function Differences({ base, candidate }: { base: Session; candidate: Session }) {
  const rows = Object.entries(ASPECTS).flatMap(([name, say]) => {
    const [before, after] = [say(base), say(candidate)];
    return before === after ? [] : [{ name, before, after }];
  });
  return (
    <Card label="What else differs">
      {rows.length === 0 ? (
        <p className="text-sm text-ink-soft">
          Nothing that Hive knows of: both asked for the same, of the same target, and every run could be used as well.
        </p>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-left text-sm">
            <thead className="text-xs text-ink-soft">
              <tr>
                {['', 'Base', 'Candidate'].map((head) => (
                  <th key={head} scope="col" className="py-2 pr-6 font-medium">
                    {head === '' ? <span className="sr-only">What</span> : head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {rows.map(({ name, before, after }) => (
                <tr key={name}>
                  <th scope="row" className="py-2 pr-6 font-medium">
                    {name}
                  </th>
                  <td className="py-2 pr-6">{before || 'not set'}</td>
                  <td className="py-2 pr-6">{after || 'not set'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
