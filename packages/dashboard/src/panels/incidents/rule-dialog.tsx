'use client';

import type { Rule } from '@hive/contract';
import { useState, type FormEvent } from 'react';
import { useChange } from '../../live/use-change';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, Input, Select } from '../../ui/field';
import { ConditionFields } from './condition-fields';
import { RoutesField } from './routes-field';
import { describeRule, ruleOf, type DescribedRule } from './described-rule';

const FIELDS = [
  'name',
  'target',
  'when.results',
  'when.safeBelow',
  'when.below',
  'when.schedule',
  'severity',
  'remindMinutes',
  'labels',
];

/** Adds a rule, or changes one. */
export function RuleDialog(props: { rule: Rule | null; targets: readonly string[]; onClose: () => void }) {
  const { rule, targets, onClose } = props;
  const [form, setForm] = useState(() => describeRule(rule));
  const fields = [...FIELDS, ...form.routes.flatMap((_, index) => [`routes.${index}.to`, `routes.${index}.when`])];
  const { busy, problems, run } = useChange({ renews: ['listRules'], fields });
  const change = (part: Partial<DescribedRule>): void => setForm((before) => ({ ...before, ...part }));
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body = ruleOf(form, rule?.on ?? true);
    const done = await run((client) =>
      rule === null
        ? client.call('createRule', { body })
        : client.call('replaceRule', { params: { id: rule.id }, body }),
    );
    if (done) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={rule === null ? 'Add a rule' : 'Change a rule'}
      description="What it finds opens an incident; what is good again closes it."
    >
      <form noValidate onSubmit={(event) => void save(event)} className="mt-4 grid gap-3">
        <Field label="Name" problem={problems.at['name']}>
          {(field) => (
            <Input
              {...field}
              value={form.name}
              placeholder="Too little room"
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        {form.type === 'load_generators' ? null : (
          <Field label="Target" problem={problems.at['target']}>
            {(field) => (
              <Select {...field} value={form.target} onChange={(event) => change({ target: event.target.value })}>
                <option value="">every target</option>
                {targets.map((id) => (
                  <option key={id}>{id}</option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <ConditionFields form={form} onChange={change} problems={problems.at} />
        <div className="grid grid-cols-2 gap-3">
          <Field label="Opens a" problem={problems.at['severity']}>
            {(field) => (
              <Select
                {...field}
                value={form.severity}
                onChange={(event) => change({ severity: event.target.value as Rule['severity'] })}
              >
                <option value="page">page: look now</option>
                <option value="ticket">ticket: on a working day</option>
              </Select>
            )}
          </Field>
          <Field label="Remind every, minutes" hint="Empty: never." problem={problems.at['remindMinutes']}>
            {(field) => (
              <Input
                {...field}
                inputMode="numeric"
                value={form.remindMinutes}
                onChange={(event) => change({ remindMinutes: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Field label="Labels" hint="Such as team=shop, beside those of the target." problem={problems.at['labels']}>
          {(field) => (
            <Input {...field} value={form.labels} onChange={(event) => change({ labels: event.target.value })} />
          )}
        </Field>
        <RoutesField routes={form.routes} problems={problems.at} onChange={(routes) => change({ routes })} />
        {problems.whole === null ? null : (
          <p role="alert" className="text-sm text-bad">
            {problems.whole}
          </p>
        )}
        <Button look="primary" type="submit" busy={busy} disabled={busy} className="justify-self-start">
          {rule === null ? 'Add' : 'Save'}
        </Button>
      </form>
    </Dialog>
  );
}
