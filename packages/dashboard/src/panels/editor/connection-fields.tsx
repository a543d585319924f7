'use client';

import type { TargetInput } from '@hive/contract';
import { Checkbox, Field, Input } from '../../ui/field';
import { filled } from './pairs';

const FILES = [
  {
    field: 'cert',
    label: 'Client certificate',
    hint: 'A path on the machine that runs Hive, the PEM text, or ${NAME}.',
  },
  { field: 'key', label: 'Its private key', hint: 'A path or ${NAME}; default: in the same file.' },
  { field: 'ca', label: 'Authorities', hint: 'In place of the usual ones.' },
  { field: 'serverName', label: 'Name to verify', hint: 'In place of the host of the address.' },
] as const;

/** How connections to the target are made. */
export function ConnectionFields({ input, onChange }: { input: TargetInput; onChange: (input: TargetInput) => void }) {
  const { tls = {}, connectTo } = input;
  return (
    <div className="grid gap-3">
      {FILES.map(({ field: name, label, hint }) => (
        <Field key={name} label={label} hint={hint}>
          {(field) => (
            <Input
              {...field}
              value={tls[name] ?? ''}
              spellCheck={false}
              onChange={({ target: { value } }) => onChange({ ...input, tls: filled({ ...tls, [name]: value }) })}
            />
          )}
        </Field>
      ))}
      <Checkbox
        checked={input.insecure === true || tls.insecure === true}
        onChange={({ target: { checked } }) => {
          const { insecure: _, ...rest } = tls;
          onChange({ ...input, insecure: checked, tls: filled(rest) });
        }}
      >
        Certificates that do not verify are accepted
      </Checkbox>
      <Field label="Dial another address" hint="HOST:PORT:HOST2:PORT2, as curl has it; several with commas.">
        {(field) => (
          <Input
            {...field}
            value={[connectTo ?? []].flat().join(', ')}
            spellCheck={false}
            onChange={({ target: { value } }) => {
              const rules = value
                .split(',')
                .map((rule) => rule.trim())
                .filter(Boolean);
              onChange({ ...input, connectTo: rules.length === 0 ? undefined : rules });
            }}
          />
        )}
      </Field>
      <Field label="Requests on a connection, before it is closed" hint="Empty: no limit.">
        {(field) => (
          <Input
            {...field}
            type="number"
            min={1}
            value={input.requestsPerConnection ?? ''}
            onChange={({ target: { value } }) =>
              onChange({ ...input, requestsPerConnection: value === '' ? undefined : Number(value) })
            }
          />
        )}
      </Field>
    </div>
  );
}
