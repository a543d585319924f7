import type { CheckedTarget, HiveError } from '@hive/contract';
import { figure } from '../../ui/format';
import { allowLine } from './address';

interface CheckResultProps {
  checked: CheckedTarget | null;
  problem: HiveError | string | null;
  /** What was checked. */
  address: string;
}

/** What came of a check, or why there was none. */
export function CheckResult({ checked, problem, address }: CheckResultProps) {
  return (
    <>
      {checked === null ? null : <Seen checked={checked} />}
      {problem === null ? null : <Refused problem={problem} address={address} />}
    </>
  );
}

/** What the check showed: `200 in 21 ms`, or what is wrong and how to fix it. */
function Seen({ checked }: { checked: CheckedTarget }) {
  return (
    <ul className="grid gap-1">
      {checked.checks.map(({ node, request, status, ms, problem, hint }) => (
        <li key={`${node} ${request}`} className={problem === undefined ? 'text-good' : 'text-bad'}>
          {status === undefined ? '' : `${status} in ${figure(ms)} ms`}
          {problem === undefined ? '' : ` ${problem}`}
          {hint === undefined ? null : <span className="block text-ink-soft">{hint}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Another machine is no error: one line allows it. */
function Refused({ problem, address }: { problem: HiveError | string; address: string }) {
  if (typeof problem === 'string') return <p className="text-bad">{problem}</p>;
  const line = problem.code === 'refused_by_safety' ? allowLine(address) : null;
  if (line === null) return <p className="text-bad">{[problem.message, problem.hint].filter(Boolean).join(' – ')}</p>;
  return (
    <div className="grid gap-2">
      <p>Hive only loads this machine until you allow another. If you may load that one, start Hive like this:</p>
      <code className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-xs select-all">{line}</code>
    </div>
  );
}
