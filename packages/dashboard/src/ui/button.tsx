import type { ComponentProps } from 'react';

const LOOKS = {
  primary: 'bg-honey text-[#1b1917] hover:brightness-105 active:brightness-95 border-transparent',
  plain: 'bg-surface text-ink border-line hover:bg-sunken',
  danger: 'bg-surface text-bad border-line hover:bg-bad-wash',
  quiet: 'bg-transparent text-ink-soft border-transparent hover:bg-sunken hover:text-ink',
} as const;

export interface ButtonProps extends ComponentProps<'button'> {
  look?: keyof typeof LOOKS;
  /** Holds an icon alone; it needs an aria-label. */
  square?: boolean;
}

/** A button, 36 px high so that a finger finds it. */
export function Button({ look = 'plain', square = false, className = '', type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`inline-flex h-9 items-center justify-center gap-2 rounded-lg border text-sm font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50 ${square ? 'w-9 shrink-0' : 'px-3.5'} ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}

/** How a field for text or choice looks. */
export const FIELD =
  'h-9 w-full min-w-0 rounded-lg border border-line-strong/60 bg-surface px-3 text-sm text-ink placeholder:text-ink-soft disabled:opacity-60';
