import type { ReactNode } from 'react';

/** Says one thing in place of a page: what is the matter, and what can be done. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto grid max-w-lg content-center gap-4 px-2 py-16 sm:py-24">
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      <div className="grid gap-4 text-sm text-pretty text-ink-soft">{children}</div>
    </div>
  );
}
