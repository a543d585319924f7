import { LoaderCircle, type LucideIcon } from 'lucide-react';
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
  /** Stands before the text. */
  icon?: LucideIcon;
  /** What was asked for is under way: a turning circle stands in the icon's place. */
  busy?: boolean;
}

/** A button, 36 px high so that a finger finds it. */
export function Button({
  look = 'plain',
  square = false,
  icon,
  busy = false,
  className = '',
  type = 'button',
  children,
  ...rest
}: ButtonProps) {
  const Icon = busy ? LoaderCircle : icon;
  return (
    <button
      type={type}
      className={`inline-flex h-9 items-center justify-center gap-2 rounded-lg border text-sm font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-50 ${square ? 'w-9 shrink-0' : 'px-3.5'} ${LOOKS[look]} ${className}`}
      {...rest}
    >
      {Icon ? <Icon aria-hidden="true" className={`size-4 ${busy ? 'animate-spin' : ''}`} /> : null}
      {children}
    </button>
  );
}
