import type { ComponentProps, ReactNode } from 'react';

const LOOK =
  'h-9 w-full min-w-0 rounded-lg border border-line-strong/60 bg-surface px-3 text-sm text-ink placeholder:text-ink-soft disabled:opacity-60';

/** Names a field that has this id. */
export function Label({ htmlFor, children }: { htmlFor: string; children: ReactNode }) {
  return (
    <label htmlFor={htmlFor} className="mb-1 block text-xs font-medium text-ink-soft">
      {children}
    </label>
  );
}

/** A field for text. */
export function Input(props: ComponentProps<'input'>) {
  return <input className={LOOK} {...props} />;
}

/** A field for a choice. */
export function Select(props: ComponentProps<'select'>) {
  return <select className={LOOK} {...props} />;
}

/** A box to check, with its text. */
export function Checkbox({ children, ...rest }: ComponentProps<'input'>) {
  return (
    <label className="flex min-h-7 items-center gap-2 text-sm has-disabled:opacity-60">
      <input type="checkbox" className="size-4 shrink-0 accent-honey" {...rest} />
      {children}
    </label>
  );
}
