import type { IncidentDetail } from '@hive/contract';
import { Card } from '../../ui/card';
import { count } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { failuresOf, type Failure } from './judge-incident';

/** Where it fails: by node, by request, and what was seen first. */
export function FailedParts({ detail }: { detail: IncidentDetail }) {
  const { byNode, byRequest, first } = failuresOf(detail);
  if (first === null) return null;
  return (
    <Card label="What failed">
      <p className="text-sm text-pretty [overflow-wrap:anywhere]">
        First error at <Moment at={first.at} />: <strong className="font-semibold">{first.problem}</strong>,{' '}
        {first.request} on {first.node}.
      </p>
      <div className="mt-3 grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Failures name="By node" failures={byNode} />
        <Failures name="By request" failures={byRequest} />
      </div>
    </Card>
  );
}

function Failures({ name, failures }: { name: string; failures: readonly Failure[] }) {
  return (
    <div className="min-w-0">
      <h3 className="text-xs font-medium text-ink-soft">{name}</h3>
      <ul className="divide-y divide-line text-sm">
        {failures.map((one) => (
          <li key={one.name} className="py-1.5">
            <span className="flex items-baseline justify-between gap-3">
              <span className="min-w-0 truncate font-medium">{one.name}</span>
              <span className="shrink-0 text-ink-soft">{count(one.count)} failed</span>
            </span>
            <span className="block text-xs text-pretty text-ink-soft [overflow-wrap:anywhere]">{one.problem}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
