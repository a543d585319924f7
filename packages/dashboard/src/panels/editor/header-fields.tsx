'use client';

import type { TargetInput } from '@hive/contract';
import { useState } from 'react';
import { Field, Select } from '../../ui/field';
import { headersOf, headerText } from './pairs';

interface HeaderFieldsProps {
  requests: NonNullable<TargetInput['requests']>;
  onChange: (requests: NonNullable<TargetInput['requests']>) => void;
}

/** The headers of each request, one a line; where there are several requests, of the chosen one. */
export function HeaderFields({ requests, onChange }: HeaderFieldsProps) {
  const [chosen, setChosen] = useState(0);
  const index = Math.min(chosen, requests.length - 1);
  const request = requests[index];
  if (request === undefined) return <p className="text-xs text-ink-soft">There is no request yet.</p>;
  const text = headerText(request.headers);
  return (
    <div className="grid gap-3">
      {requests.length === 1 ? null : (
        <Field label="Request">
          {(field) => (
            <Select {...field} value={index} onChange={({ target }) => setChosen(Number(target.value))}>
              {requests.map(({ name, method = 'GET', path = '/' }, at) => (
                <option key={name ?? at} value={at}>
                  {`${method} ${path}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <Field
        label="Headers, one name: value a line"
        hint="What is secret stays out: write ${HIVE_SECRET_…}, a value of the environment or a stored secret."
      >
        {(field) => (
          <textarea
            {...field}
            // Made anew when an import brings others.
            key={`${index} ${text}`}
            rows={4}
            spellCheck={false}
            defaultValue={text}
            onBlur={({ target: { value } }) =>
              onChange(requests.with(index, { ...request, headers: headersOf(value) }))
            }
            className="w-full rounded-lg border border-line-strong/60 bg-surface px-3 py-2 font-mono text-sm"
          />
        )}
      </Field>
    </div>
  );
}
