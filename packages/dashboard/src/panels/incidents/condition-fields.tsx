'use client';

import { KIND_LABELS, KIND_UNITS, KINDS, type Kind } from '@hive/contract';
import { useApi } from '../../live/use-api';
import { Field, Input, Select } from '../../ui/field';
import { sayWhat, sayWhen } from '../schedules/say-schedule';
import type { DescribedRule } from './described-rule';

interface Props {
  form: DescribedRule;
  onChange: (change: Partial<DescribedRule>) => void;
  /** What the API says against a field, by its name. */
  problems: Readonly<Record<string, string>>;
}

const TYPES: readonly [type: DescribedRule['type'], text: string][] = [
  ['checks', 'Checks are bad'],
  ['limit', 'A limit is too low'],
  ['worse', 'A session is worse than the one before'],
  ['headroom', 'Too little room above peak traffic'],
  ['schedule', 'A scheduled run fails'],
  ['load_generators', 'A load generator is silent'],
];

/** What a rule asks, in the fields of its type. */
export function ConditionFields(props: Props) {
  const { form, onChange } = props;
  return (
    <>
      <Field label="When">
        {(field) => (
          <Select
            {...field}
            value={form.type}
            onChange={(event) => onChange({ type: event.target.value as DescribedRule['type'] })}
          >
            {TYPES.map(([type, text]) => (
              <option key={type} value={type}>
                {text}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {form.type === 'checks' ? <ResultsField {...props} /> : null}
      {form.type === 'limit' ? <LimitFields {...props} /> : null}
      {form.type === 'headroom' ? <HeadroomField {...props} /> : null}
      {form.type === 'schedule' ? <ScheduleField {...props} /> : null}
      {form.type === 'load_generators' ? <RegionField {...props} /> : null}
    </>
  );
}

function ResultsField({ form, onChange, problems }: Props) {
  return (
    <Field label="Checks" problem={problems['when.results']}>
      {(field) => (
        <Select
          {...field}
          value={form.results}
          onChange={(event) => onChange({ results: event.target.value as DescribedRule['results'] })}
        >
          <option value="fail">fail</option>
          <option value="degraded">are degraded: slow, or a certificate ends soon</option>
          <option value="both">fail or are degraded</option>
        </Select>
      )}
    </Field>
  );
}

function LimitFields({ form, onChange, problems }: Props) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Kind">
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
      <Field label={`Safe below, ${KIND_UNITS[form.kind]}`} problem={problems['when.safeBelow']}>
        {(field) => (
          <Input
            {...field}
            inputMode="decimal"
            placeholder="400"
            value={form.safeBelow}
            onChange={(event) => onChange({ safeBelow: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function HeadroomField({ form, onChange, problems }: Props) {
  return (
    <Field
      label="Safe request rate ÷ peak traffic is below"
      hint="1.3: less than 30 % of room."
      problem={problems['when.below']}
    >
      {(field) => (
        <Input
          {...field}
          inputMode="decimal"
          value={form.below}
          onChange={(event) => onChange({ below: event.target.value })}
        />
      )}
    </Field>
  );
}

function RegionField({ form, onChange, problems }: Props) {
  const { data } = useApi('fleet', {});
  const regions = new Set(data?.loadGenerators.flatMap(({ region }) => region ?? []));
  if (form.region !== '') regions.add(form.region);
  return (
    <Field label="Load generators" problem={problems['when.region']}>
      {(field) => (
        <Select {...field} value={form.region} onChange={(event) => onChange({ region: event.target.value })}>
          <option value="">of any region</option>
          {[...regions].toSorted().map((region) => (
            <option key={region}>{region}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function ScheduleField({ form, onChange, problems }: Props) {
  const { data } = useApi('listSchedules', {});
  const measuring = (data?.schedules ?? []).filter(
    ({ what, target }) => what.type !== 'check' && (form.target === '' || form.target === target),
  );
  return (
    <Field label="Schedule" problem={problems['when.schedule']}>
      {(field) => (
        <Select {...field} value={form.schedule} onChange={(event) => onChange({ schedule: event.target.value })}>
          <option value="">any that measures</option>
          {measuring.map((schedule) => (
            <option key={schedule.id} value={schedule.id}>
              {schedule.target}: {sayWhat(schedule.what)}, {sayWhen(schedule)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
