import type { ReactNode } from 'react';

/** A page that says one thing: what is the matter, and what can be done. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-lg content-center gap-4 px-6 py-16">
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      <div className="grid gap-4 text-sm text-pretty text-ink-soft">{children}</div>
    </main>
  );
}
