'use client';

import type { TargetInput } from '@hive/contract';
import { X } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { Button } from '../../ui/button';
import { Checkbox, Input, Label } from '../../ui/field';
import { withScheme } from '../first-run/address';
import { AboutFields } from './about-fields';
import { ConnectionFields } from './connection-fields';
import { addressesOf, withAddresses } from './describe';
import { HeaderFields } from './header-fields';
import { LoginFields } from './login-fields';
import { WatchFields } from './watch-fields';

interface FormProps {
  input: TargetInput;
  onChange: (input: TargetInput) => void;
}

const CAPS = [
  { field: 'maxRatePerSecond', label: 'Highest rate', unit: 'requests/s', why: 'No generated run sends more.' },
  { field: 'maxConnections', label: 'Most connections', unit: '', why: 'Open at once, in all.' },
  { field: 'maxSeconds', label: 'Longest run', unit: 's', why: 'Warm-up included.' },
] as const;

/** What is changed most: addresses, objectives and caps. What few need is folded away, and the rest is in the YAML. */
export function TargetForm({ input, onChange }: FormProps) {
  const ids = { addresses: useId(), caps: useId() };
  const { safety = {}, requests = [] } = input;
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
      <div>
        <Label htmlFor={ids.addresses}>Addresses, one a line</Label>
        <textarea
          id={ids.addresses}
          rows={3}
          spellCheck={false}
          defaultValue={addressesOf(input).join('\n')}
          onBlur={(event) => {
            const lines = event.target.value.split('\n').map(withScheme).filter(Boolean);
            event.target.value = lines.join('\n');
            if (lines.length > 0) onChange(withAddresses(input, lines));
          }}
          className="w-full rounded-lg border border-line-strong/60 bg-surface px-3 py-2 font-mono text-sm"
        />
        <p className="text-xs text-ink-soft">Several nodes are loaded in turn, and each is judged by itself.</p>
      </div>
      <Objectives
        objectives={input.objectives ?? []}
        onChange={(objectives) => onChange({ ...input, objectives: [...objectives] })}
      />
      <div>
        <h3 className="mb-1 text-xs font-medium text-ink-soft">Requests</h3>
        <ul className="divide-y divide-line rounded-lg border border-line text-sm">
          {requests.map(({ name, method = 'GET', path = '/', weight = 1, check }, index) => (
            <li key={name} className="flex flex-wrap items-baseline gap-3 px-3 py-1.5">
              <span className="w-12 shrink-0 font-mono text-xs text-ink-soft">{method}</span>
              <span className="min-w-0 flex-1 truncate font-mono text-xs">{path}</span>
              <span className="text-xs text-ink-soft">{weight === 0 ? 'when asked for' : `weight ${weight}`}</span>
              {method === 'HEAD' || (check !== undefined && containedIn(check) === null) ? null : (
                <span className="w-full">
                  <Input
                    aria-label={`What a good answer of ${name ?? path} contains`}
                    placeholder="a text that a good answer contains"
                    value={containedIn(check) ?? ''}
                    onChange={({ target: { value } }) => {
                      const changed = { ...requests[index], check: value === '' ? undefined : value };
                      onChange({ ...input, requests: requests.with(index, changed) });
                    }}
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
        <p className="mt-1 text-xs text-ink-soft">
          Requests and dependencies are changed as YAML, or come with an import.
        </p>
      </div>
      <fieldset className="grid content-start gap-3">
        <legend className="mb-1 text-xs font-medium text-ink-soft">Caps</legend>
        {CAPS.map(({ field, label, unit, why }) => (
          <div key={field} className="grid grid-cols-[8.5rem_minmax(0,1fr)] items-center gap-3 text-sm">
            <label htmlFor={`${ids.caps}${field}`}>{label}</label>
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="w-28 shrink-0">
                <Input
                  id={`${ids.caps}${field}`}
                  type="number"
                  min={1}
                  value={safety[field] ?? ''}
                  onChange={({ target: { value } }) =>
                    onChange({ ...input, safety: { ...safety, [field]: value === '' ? undefined : Number(value) } })
                  }
                />
              </span>
              {unit === '' ? null : <span className="text-ink-soft">{unit}</span>}
              <span className="text-xs text-ink-soft">{why}</span>
            </span>
          </div>
        ))}
        <Checkbox
          checked={safety.allowWrites === true}
          onChange={(event) => onChange({ ...input, safety: { ...safety, allowWrites: event.target.checked } })}
        >
          Requests that write may be sent
        </Checkbox>
      </fieldset>
      <More title="Headers" isSet={requests.some(({ headers = {} }) => Object.keys(headers).length > 0)}>
        <HeaderFields requests={requests} onChange={(changed) => onChange({ ...input, requests: changed })} />
      </More>
      <More title="What is watched" isSet={input.watch !== undefined}>
        <WatchFields input={input} onChange={onChange} />
      </More>
      <More title="Logging in" isSet={input.auth !== undefined}>
        <LoginFields auth={input.auth} onChange={(auth) => onChange({ ...input, auth })} />
      </More>
      <More
        title="Certificates and connections"
        isSet={input.tls !== undefined || input.connectTo !== undefined || input.insecure === true}
      >
        <ConnectionFields input={input} onChange={onChange} />
      </More>
      <More title="Environment, labels and runbook" isSet={input.labels !== undefined || input.runbook !== undefined}>
        <AboutFields input={input} onChange={onChange} />
      </More>
    </div>
  );
}

/** Fields that few targets need, open where something is set. */
function More({ title, isSet, children }: { title: string; isSet: boolean; children: ReactNode }) {
  const [wasSet] = useState(isSet);
  return (
    <details open={wasSet} className="min-w-0 self-start rounded-lg border border-line px-3 py-2">
      <summary className="min-h-7 rounded text-sm font-medium">{title}</summary>
      <div className="pt-2">{children}</div>
    </details>
  );
}

/** The text that a check looks for; null: it looks for more than a text. */
function containedIn(check: NonNullable<TargetInput['requests']>[number]['check']): string | null {
  if (check === undefined || typeof check === 'string') return check ?? '';
  const { contains, ...more } = check;
  return Object.values(more).some((one) => one !== undefined) ? null : (contains ?? '');
}

interface ObjectivesProps {
  objectives: readonly string[];
  onChange: (objectives: readonly string[]) => void;
}

/** Objectives as chips, and a field for another. */
function Objectives({ objectives, onChange }: ObjectivesProps) {
  const id = useId();
  const [text, setText] = useState('');
  const add = (): void => {
    const expression = text.trim();
    if (expression === '') return;
    onChange([...new Set([...objectives, expression])]);
    setText('');
  };
  return (
    <div>
      <Label htmlFor={id}>Objectives</Label>
      <ul className="mb-2 flex flex-wrap gap-2">
        {objectives.map((objective) => (
          <li
            key={objective}
            className="inline-flex h-8 items-center gap-1 rounded-full border border-honey bg-honey-wash pr-1 pl-3 font-mono text-xs text-honey-ink"
          >
            {objective}
            <button
              type="button"
              aria-label={`Remove ${objective}`}
              onClick={() => onChange(objectives.filter((other) => other !== objective))}
              className="rounded-full p-1 hover:bg-sunken"
            >
              <X aria-hidden="true" className="size-3.5" />
            </button>
          </li>
        ))}
      </ul>
      <div className="flex gap-2">
        <Input
          id={id}
          value={text}
          placeholder="p(95)<100"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add();
          }}
        />
        <Button onClick={add}>Add</Button>
      </div>
    </div>
  );
}
