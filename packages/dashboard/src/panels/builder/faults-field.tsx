'use client';

import { FAULT_TYPES, type FaultType, type Target } from '@hive/contract';
import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { Button } from '../../ui/button';
import { Input, Label, Select } from '../../ui/field';
import type { AskedFault } from './described-run';

interface FaultsFieldProps {
  faults: readonly AskedFault[];
  /** Its dependencies with a proxy can have faults too. */
  target: Target;
  onFaults: (faults: AskedFault[]) => void;
}

/** The faults on the connections of a run: what, how much, and when. */
export function FaultsField({ faults, target, onFaults }: FaultsFieldProps) {
  const links = ['client', ...target.dependencies.flatMap(({ name, proxy }) => (proxy === undefined ? [] : [name]))];
  const replace = (index: number, fault: AskedFault): void =>
    onFaults(faults.map((other, place) => (place === index ? fault : other)));
  return (
    <div className="grid gap-3">
      {faults.length === 0 ? null : (
        <ol aria-label="Faults" className="grid gap-3">
          {faults.map((fault, index) => (
            <li key={index} className="rounded-lg border border-line p-3">
              <Fault
                fault={fault}
                number={index + 1}
                links={links}
                onChange={(changed) => replace(index, changed)}
                onRemove={() => onFaults(faults.filter((_, place) => place !== index))}
              />
            </li>
          ))}
        </ol>
      )}
      <div>
        <Button icon={Plus} onClick={() => onFaults([...faults, asProposed(FAULT_TYPES[0]!)])}>
          Add a fault
        </Button>
      </div>
    </div>
  );
}

interface FaultProps {
  fault: AskedFault;
  number: number;
  links: readonly string[];
  onChange: (fault: AskedFault) => void;
  onRemove: () => void;
}

function Fault({ fault, number, links, onChange, onRemove }: FaultProps) {
  const id = useId();
  const type = FAULT_TYPES.find((known) => known.type === fault.type);
  const timed = (name: 'fromMs' | 'toMs', text: string): void => {
    const { [name]: _, ...rest } = fault;
    onChange(text === '' ? rest : { ...rest, [name]: 1_000 * Number(text) });
  };
  return (
    <fieldset>
      <legend className="sr-only">Fault {number}</legend>
      <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-4">
        <div className="col-span-2 flex items-end gap-2 sm:col-span-4">
          <div className="min-w-0 flex-1">
            <Label htmlFor={`${id}-type`}>Fault</Label>
            <Select
              id={`${id}-type`}
              value={fault.type}
              onChange={(event) => {
                const next = FAULT_TYPES.find((known) => known.type === event.target.value);
                if (next !== undefined) onChange({ ...fault, ...asProposed(next) });
              }}
            >
              {FAULT_TYPES.map(({ type: name, label }) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </Select>
          </div>
          <Button look="quiet" square aria-label={`Remove fault ${number}`} onClick={onRemove}>
            <X aria-hidden="true" className="size-4" />
          </Button>
        </div>
        {type?.attributes.map(({ name, label, unit }) => (
          <div key={name}>
            <Label htmlFor={`${id}-${name}`}>{unit === '' ? label : `${label}, ${unit}`}</Label>
            <Input
              id={`${id}-${name}`}
              type="number"
              min={0}
              value={fault.attributes?.[name] ?? 0}
              onChange={(event) =>
                onChange({ ...fault, attributes: { ...fault.attributes, [name]: Number(event.target.value) } })
              }
            />
          </div>
        ))}
        <div>
          <Label htmlFor={`${id}-from`}>From, s</Label>
          <Input
            id={`${id}-from`}
            type="number"
            min={0}
            placeholder="judged part"
            value={fault.fromMs === undefined ? '' : fault.fromMs / 1_000}
            onChange={(event) => timed('fromMs', event.target.value)}
          />
        </div>
        <div>
          <Label htmlFor={`${id}-to`}>To, s</Label>
          <Input
            id={`${id}-to`}
            type="number"
            min={0}
            placeholder="its end"
            value={fault.toMs === undefined ? '' : fault.toMs / 1_000}
            onChange={(event) => timed('toMs', event.target.value)}
          />
        </div>
        {links.length === 1 ? null : (
          <div>
            <Label htmlFor={`${id}-link`}>On the link to</Label>
            <Select
              id={`${id}-link`}
              value={fault.link ?? 'client'}
              onChange={(event) => onChange({ ...fault, link: event.target.value })}
            >
              {links.map((link) => (
                <option key={link} value={link}>
                  {link === 'client' ? 'the service' : link}
                </option>
              ))}
            </Select>
          </div>
        )}
      </div>
      <p className="mt-2 text-xs text-ink-soft">{type?.does}</p>
    </fieldset>
  );
}

/** A fault as a form begins with it. */
function asProposed({ type, only, attributes }: FaultType): Pick<AskedFault, 'type' | 'stream' | 'attributes'> {
  return {
    type,
    stream: only ?? 'downstream',
    attributes: Object.fromEntries(attributes.map(({ name, proposed }) => [name, proposed])),
  };
}
