import { KIND_LABELS, KIND_UNITS, KINDS, type Kind } from '@hive/contract';
import { Checkbox, Field, Input, Select } from '../../ui/field';
import type { PartProps } from './described-schedule';

/** What is done each time, in the fields of its type. */
export function WhatFields(props: PartProps) {
  const { type } = props.form;
  if (type === 'train') return <TrainFields {...props} />;
  if (type === 'verify') return <VerifyFields {...props} />;
  return type === 'run' ? <RunFields {...props} /> : null;
}

function TrainFields({ form, onChange, problems }: PartProps) {
  const toggle = (kind: Kind): void => {
    const chosen = new Set(form.kinds);
    if (!chosen.delete(kind)) chosen.add(kind);
    onChange({ kinds: KINDS.filter((one) => chosen.has(one)) });
  };
  return (
    <>
      <fieldset>
        <legend className="mb-1 text-xs font-medium text-ink-soft">What to measure</legend>
        <div className="grid gap-x-3 sm:grid-cols-2">
          {KINDS.map((kind) => (
            <Checkbox key={kind} checked={form.kinds.includes(kind)} onChange={() => toggle(kind)}>
              {KIND_LABELS[kind].label}
            </Checkbox>
          ))}
        </div>
        {problems['what.kinds'] === undefined ? null : (
          <p role="alert" className="mt-1 text-xs text-bad">
            {problems['what.kinds']}
          </p>
        )}
      </fieldset>
      <Field
        label="Time budget, minutes"
        hint="Empty: as long as the measurement usually takes."
        problem={problems['what.budgetSeconds']}
      >
        {(field) => (
          <Input
            {...field}
            inputMode="decimal"
            value={form.budgetMinutes}
            onChange={(event) => onChange({ budgetMinutes: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function VerifyFields({ form, onChange, problems }: PartProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Requests per second" problem={problems['what.atPerSecond']}>
        {(field) => (
          <Input
            {...field}
            inputMode="decimal"
            placeholder="300"
            value={form.atPerSecond}
            onChange={(event) => onChange({ atPerSecond: event.target.value })}
          />
        )}
      </Field>
      <Field label="For, seconds" problem={problems['what.forSeconds']}>
        {(field) => (
          <Input
            {...field}
            inputMode="decimal"
            value={form.forSeconds}
            onChange={(event) => onChange({ forSeconds: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function RunFields({ form, onChange, problems }: PartProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Kind" problem={problems['what.kind']}>
        {(field) => (
          <Select {...field} value={form.kind} onChange={(event) => onChange({ kind: event.target.value as Kind })}>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {KIND_LABELS[kind].label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={`Load, ${KIND_UNITS[form.kind]}`} hint="Empty: the safe one." problem={problems['what.intensity']}>
        {(field) => (
          <Input
            {...field}
            inputMode="decimal"
            value={form.intensity}
            onChange={(event) => onChange({ intensity: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
