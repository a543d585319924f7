import { useId } from 'react';
import { Field, Input, Select } from '../../ui/field';
import type { DescribedSchedule, PartProps } from './described-schedule';

const TIMINGS: readonly [timing: DescribedSchedule['timing'], text: string][] = [
  ['every', 'Again and again'],
  ['daily', 'Every day at a time'],
  ['cron', 'As cron'],
];

/** When it is done: at an interval, once a day, or as cron; the last two in a time zone. */
export function WhenFields({ form, onChange, problems }: PartProps) {
  const { timing } = form;
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Field label="When">
          {(field) => (
            <Select
              {...field}
              value={timing}
              onChange={(event) => onChange({ timing: event.target.value as DescribedSchedule['timing'] })}
            >
              {TIMINGS.map(([key, text]) => (
                <option key={key} value={key}>
                  {text}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <TimeField form={form} onChange={onChange} problems={problems} />
      </div>
      {timing === 'every' ? null : <ZoneField form={form} onChange={onChange} problems={problems} />}
    </>
  );
}

function TimeField({ form, onChange, problems }: PartProps) {
  const problem = problems['when'];
  if (form.timing === 'daily') {
    return (
      <Field label="At" problem={problem}>
        {(field) => (
          <Input {...field} type="time" value={form.at} onChange={(event) => onChange({ at: event.target.value })} />
        )}
      </Field>
    );
  }
  if (form.timing === 'cron') {
    return (
      <Field label="Five fields of cron" hint="0 3 * * 1 is Monday, 3 o’clock" problem={problem}>
        {(field) => <Input {...field} value={form.cron} onChange={(event) => onChange({ cron: event.target.value })} />}
      </Field>
    );
  }
  return (
    <Field label="Every" hint="Such as 30s, 5m or 24h" problem={problem}>
      {(field) => <Input {...field} value={form.every} onChange={(event) => onChange({ every: event.target.value })} />}
    </Field>
  );
}

function ZoneField({ form, onChange, problems }: PartProps) {
  const list = useId();
  return (
    <Field label="Time zone" problem={problems['timeZone']}>
      {(field) => (
        <>
          <Input
            {...field}
            list={list}
            value={form.timeZone}
            onChange={(event) => onChange({ timeZone: event.target.value })}
          />
          <datalist id={list}>
            {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
              <option key={zone}>{zone}</option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
