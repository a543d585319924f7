import { KIND_LABELS, type Kind } from '@hive/contract';

/** The name of a kind for people, its machine name beside it in small type. */
export function KindName({ kind }: { kind: Kind }) {
  const { label, asks } = KIND_LABELS[kind];
  return (
    <span title={asks} className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5">
      <span className="text-sm font-medium">{label}</span>
      <span className="font-mono text-[11px] text-ink-soft">{kind}</span>
    </span>
  );
}
