'use client';

import { KIND_LABELS, KINDS, type Kind, type Limit } from '@hive/contract';
import Link from 'next/link';

interface KindFieldProps {
  target: string;
  kind: Kind;
  limits: readonly Limit[];
}

/** What a run tests. Each kind is an address of its own: its loads are in another unit. */
export function KindField({ target, kind, limits }: KindFieldProps) {
  const against = new Map(
    limits.flatMap((limit) => (limit.status === 'not_applicable' ? [[limit.kind, limit.reason ?? '']] : [])),
  );
  return (
    <div>
      <ul aria-label="Kinds" className="flex flex-wrap gap-2">
        {KINDS.filter((one) => !against.has(one)).map((one) => (
          <li key={one}>
            <Link
              href={`/runs/new?target=${encodeURIComponent(target)}&kind=${one}`}
              scroll={false}
              replace
              prefetch={false}
              aria-current={one === kind ? 'true' : undefined}
              className={`inline-flex h-9 items-center rounded-full border px-3.5 text-sm ${one === kind ? 'border-honey bg-honey-wash font-medium text-honey-ink' : 'border-line hover:bg-sunken'}`}
            >
              {KIND_LABELS[one].label}
            </Link>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-sm text-pretty text-ink-soft">
        {KIND_LABELS[kind].asks} <span className="font-mono text-xs">{kind}</span>
      </p>
      {against.size === 0 ? null : (
        <details className="mt-1 text-xs text-ink-soft">
          <summary className="rounded py-1">
            {against.size === 1 ? '1 kind does' : `${against.size} kinds do`} not apply to {target}
          </summary>
          <dl className="mt-1 grid gap-1">
            {[...against].map(([one, reason]) => (
              <div key={one}>
                <dt className="inline font-medium text-ink">{KIND_LABELS[one].label}: </dt>
                <dd className="inline">{reason}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}
