'use client';

import { Field } from '../../ui/field';
import { linesOf, pairsOf } from './pairs';

interface PairsFieldProps {
  label: string;
  hint: string;
  pairs: Readonly<Record<string, unknown>> | undefined;
  onChange: (pairs: Record<string, string> | undefined) => void;
}

/** A field for pairs of names and values. */
export function PairsField({ label, hint, pairs, onChange }: PairsFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <textarea
          {...field}
          rows={3}
          spellCheck={false}
          defaultValue={linesOf(pairs)}
          onBlur={({ target: { value } }) => onChange(pairsOf(value))}
          className="w-full rounded-lg border border-line-strong/60 bg-surface px-3 py-2 font-mono text-sm"
        />
      )}
    </Field>
  );
}
