import { observedText, VERDICT_WORDS, type GroupFigures, type Measurement, type ScenarioDetail } from '@hive/contract';
import { Card } from '../../ui/card';
import { count, duration, percent, quantity, say } from '../../ui/format';

const ms = (value: number): string => say(quantity(value, 'ms'));

/** The figures of a run: of its judged part, its objectives, its errors, and by node and by request where these are counted apart. */
export function RunFigures({ run }: { run: ScenarioDetail }) {
  const { warmupMs, durationMs, faults = [] } = run.parameters.plan;
  const measured = run.results?.measurement ?? null;
  const figures: [string, string][] = [
    ['Load', say(quantity(run.intensity, run.unit))],
    ['Phases', `${duration(warmupMs / 1_000)} warm-up, ${duration(durationMs / 1_000)} judged`],
    ...(measured === null ? [] : figuresOf(measured)),
    ...faults.map(({ type, fromMs, toMs }): [string, string] => [
      `Fault: ${type}`,
      `${duration(fromMs / 1_000)} to ${duration(toMs / 1_000)}`,
    ]),
  ];
  return (
    <>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-surface sm:grid-cols-3 lg:grid-cols-6">
        {figures.map(([name, value]) => (
          <div key={name} className="px-4 py-2.5 shadow-[0_0_0_1px_var(--line)]">
            <dt className="text-xs text-ink-soft">{name}</dt>
            <dd className="text-sm font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-4">
        <Table
          label="Objectives"
          heads={['Objective', 'Observed', 'Outcome']}
          rows={(run.results?.objectives ?? []).map(({ expression, observed, outcome }) => [
            expression,
            observedText(expression, observed),
            VERDICT_WORDS[outcome],
          ])}
        />
        <Table
          label="Errors"
          heads={['Kind', 'Requests']}
          rows={Object.entries(measured?.errors ?? {}).map(([kind, number]) => [kind, count(number)])}
        />
        <Table
          label="Status codes"
          heads={['Status', 'Responses']}
          rows={Object.entries(measured?.statusCodes ?? {}).map(([code, number]) => [code, count(number)])}
        />
        <Table
          label="What went wrong"
          heads={['Error', 'Requests', 'First seen']}
          rows={(measured?.errorExamples ?? []).map(({ text, hint, request, came, count: number }) => [
            hint === undefined ? text : `${text}: ${hint}`,
            count(number),
            came === null ? request : `${request}: ${came}`,
          ])}
        />
        <Groups label="By node" groups={measured?.byNode} />
        <Groups label="By region" groups={measured?.byRegion} />
        <Groups label="By request" groups={measured?.byClass} />
      </div>
    </>
  );
}

function figuresOf(measured: Measurement): [string, string][] {
  const { counts, responseTimeMs, serviceTimeMs } = measured;
  return [
    ['Good answers', `${count(counts.good)} of ${count(counts.planned)}`],
    ['Answered in time', percent(measured.successRate)],
    ['Throughput', say(quantity(measured.throughputPerSecond, 'requests/s'))],
    ...(responseTimeMs.count === 0
      ? []
      : ([
          ['p50 response time', ms(responseTimeMs.p50)],
          ['p95 response time', ms(responseTimeMs.p95)],
          ['p99 response time', ms(responseTimeMs.p99)],
        ] as [string, string][])),
    ...(serviceTimeMs.count === 0 ? [] : ([['p99 service time', ms(serviceTimeMs.p99)]] as [string, string][])),
  ];
}

function Groups({ label, groups }: { label: string; groups: Readonly<Record<string, GroupFigures>> | undefined }) {
  const rows = Object.entries(groups ?? {}).map(([name, { planned, good, responseTimeMs }]) => [
    name,
    `${count(good)} of ${count(planned)}`,
    responseTimeMs.count === 0 ? '–' : ms(responseTimeMs.p99),
  ]);
  return <Table label={label} heads={['Name', 'Good', 'p99 response time']} rows={rows} />;
}

function Table({ label, heads, rows }: { label: string; heads: string[]; rows: string[][] }) {
  if (rows.length === 0) return null;
  return (
    <Card label={label}>
      <table className="w-full text-left text-sm">
        <thead className="text-xs text-ink-soft">
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" className="py-1 pr-4 font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map(([name = '', ...cells]) => (
            <tr key={name}>
              <th scope="row" className="py-1.5 pr-4 font-medium break-all">
                {name}
              </th>
              {cells.map((cell, at) => (
                <td key={at} className="py-1.5 pr-4">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
