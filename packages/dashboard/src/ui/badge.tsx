import type { ReactNode } from 'react';

const TONES = {
  good: 'bg-good-wash text-good',
  bad: 'bg-bad-wash text-bad',
  honey: 'bg-honey-wash text-honey-ink',
  info: 'bg-info-wash text-info',
  plain: 'bg-sunken text-ink-soft',
} as const;
export type Tone = keyof typeof TONES;

/** One word on a colored ground. */
export function Badge({ tone = 'plain', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span
      title={title}
      className={`inline-flex items-center gap-1 rounded-md px-1.5 py-0.5 text-xs font-medium whitespace-nowrap ${TONES[tone]}`}
    >
      {children}
    </span>
  );
}
