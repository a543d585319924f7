import type { ComponentProps } from 'react';

/** A field for a note of some lines. */
export function NoteInput(props: ComponentProps<'textarea'>) {
  return (
    <textarea
      rows={2}
      maxLength={4_000}
      className="w-full min-w-0 rounded-lg border border-line-strong/60 bg-surface px-3 py-2 text-sm aria-invalid:border-bad"
      {...props}
    />
  );
}
