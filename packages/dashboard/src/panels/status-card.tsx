import type { ReactNode } from 'react';

export interface StatusCardProps {
  label: string;
  value: ReactNode;
  unit?: string;
  /** Below the value. */
  note?: ReactNode;
  tone?: 'plain' | 'bad';
}

/** One figure with its name, unit and a note. */
export function StatusCard({ label, value, unit, note, tone = 'plain' }: StatusCardProps) {
  return (
    <div className="min-w-0 rounded-xl border border-line bg-surface px-4 py-3 shadow-[0_1px_2px_rgb(0_0_0/0.04)]">
      <p className="truncate text-xs font-medium text-ink-soft">{label}</p>
      <p className={`mt-1 truncate text-2xl font-semibold tracking-tight ${tone === 'bad' ? 'text-bad' : ''}`}>
        {value}
        {unit ? <span className="ml-1 text-sm font-normal text-ink-soft">{unit}</span> : null}
      </p>
      <p className="mt-0.5 min-h-4 text-xs text-pretty text-ink-soft">{note}</p>
    </div>
  );
}
