import type { ReactNode } from 'react';

export interface CardProps {
  /** The accessible name of the region. */
  label: string;
  title?: ReactNode;
  /** Beside the title, at the right. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A titled region of the page. */
export function Card({ label, title, aside, className = '', children }: CardProps) {
  return (
    <section
      aria-label={label}
      className={`min-w-0 rounded-xl border border-line bg-surface shadow-[0_1px_2px_rgb(0_0_0/0.04)] ${className}`}
    >
      <header className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-3 pb-2 sm:px-5">
        <h2 className="text-sm font-semibold tracking-tight">{title ?? label}</h2>
        {aside}
      </header>
      <div className="px-4 pb-4 sm:px-5">{children}</div>
    </section>
  );
}

/** Says what is not there yet, and how it comes. */
export function Nothing({ children }: { children: ReactNode }) {
  return (
    <p className="rounded-lg border border-dashed border-line px-4 py-6 text-center text-sm text-ink-soft">
      {children}
    </p>
  );
}

/** Stands where something is about to appear. */
export function Skeleton({ className = '' }: { className?: string }) {
  return <div aria-hidden="true" className={`animate-pulse rounded-md bg-sunken ${className}`} />;
}
