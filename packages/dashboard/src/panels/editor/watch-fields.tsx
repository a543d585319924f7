'use client';

import type { TargetInput } from '@hive/contract';
import { Field, Input } from '../../ui/field';
import { filled } from './pairs';

type Watch = NonNullable<TargetInput['watch']>;

/** How the target itself is observed during runs: its process, and its page of metrics. */
export function WatchFields({ input, onChange }: { input: TargetInput; onChange: (input: TargetInput) => void }) {
  const { watch = {} } = input;
  const change = (part: { [Name in keyof Watch]: Watch[Name] | undefined }): void => {
    const { series = [], ...rest } = { ...watch, ...part };
    onChange({ ...input, watch: filled({ ...rest, series: series.length === 0 ? undefined : series }) });
  };
  return (
    <div className="grid gap-3">
      <Field
        label="Process"
        hint="Its id on the machine that runs Hive: CPU, memory, threads and open files, its children's too."
      >
        {(field) => (
          <Input
            {...field}
            type="number"
            min={1}
            value={watch.pid ?? ''}
            onChange={({ target: { value } }) => change({ pid: value === '' ? undefined : Number(value) })}
          />
        )}
      </Field>
      <Field label="Page of metrics" hint="In the Prometheus format.">
        {(field) => (
          <Input
            {...field}
            value={watch.prometheus ?? ''}
            placeholder="http://127.0.0.1:8081/metrics"
            spellCheck={false}
            onChange={({ target: { value } }) => change({ prometheus: value === '' ? undefined : value })}
          />
        )}
      </Field>
      <Field label="Metrics of that page, one a line" hint={'name, or name{label="value"}; without functions.'}>
        {(field) => (
          <textarea
            {...field}
            rows={3}
            spellCheck={false}
            defaultValue={(watch.series ?? []).join('\n')}
            onBlur={({ target: { value } }) =>
              change({
                series: value
                  .split('\n')
                  .map((line) => line.trim())
                  .filter(Boolean),
              })
            }
            className="w-full rounded-lg border border-line-strong/60 bg-surface px-3 py-2 font-mono text-sm"
          />
        )}
      </Field>
    </div>
  );
}
