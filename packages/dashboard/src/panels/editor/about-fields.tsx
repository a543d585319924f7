'use client';

import type { TargetInput } from '@hive/contract';
import { Field, Input, Select } from '../../ui/field';
import { PairsField } from './pairs-field';

const ENVIRONMENTS = {
  local: 'local: this machine, nobody else is hurt',
  staging: 'staging: shared, careful caps',
  production: 'production: only questions about a rate, nothing is written',
} as const;
type Environment = keyof typeof ENVIRONMENTS;

/** What the target is to people: its environment, its labels, and what to do when it is in trouble. */
export function AboutFields({ input, onChange }: { input: TargetInput; onChange: (input: TargetInput) => void }) {
  const { safety = {} } = input;
  return (
    <div className="grid gap-3">
      <Field label="Environment">
        {(field) => (
          <Select
            {...field}
            value={safety.environment ?? ''}
            onChange={({ target: { value } }) =>
              onChange({
                ...input,
                safety: { ...safety, environment: value === '' ? undefined : (value as Environment) },
              })
            }
          >
            <option value="">by its address</option>
            {Object.entries(ENVIRONMENTS).map(([name, words]) => (
              <option key={name} value={name}>
                {words}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <PairsField
        label="Labels, one name=value a line"
        hint="They mark its sessions, route its incidents, and limit who sees it."
        pairs={input.labels}
        onChange={(labels) => onChange({ ...input, labels })}
      />
      <Field label="Runbook" hint="What to do when it is in trouble: a text or an address. Every incident shows it.">
        {(field) => (
          <Input
            {...field}
            value={input.runbook ?? ''}
            onChange={({ target: { value } }) => onChange({ ...input, runbook: value === '' ? undefined : value })}
          />
        )}
      </Field>
    </div>
  );
}
