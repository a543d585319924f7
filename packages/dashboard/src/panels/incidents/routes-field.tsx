'use client';

import type { Channel } from '@hive/contract';
import { Plus, Trash2 } from 'lucide-react';
import { useApi } from '../../live/use-api';
import { Button } from '../../ui/button';
import { Checkbox, Field, Input } from '../../ui/field';
import type { DescribedRoute } from './described-rule';

interface Props {
  routes: readonly DescribedRoute[];
  problems: Readonly<Record<string, string>>;
  onChange: (routes: readonly DescribedRoute[]) => void;
}

/** Who hears of the incidents of a rule: every channel whose labels fit, or those that are named here. */
export function RoutesField({ routes, problems, onChange }: Props) {
  const { data } = useApi('listChannels', {});
  const channels = data?.channels ?? [];
  const change = (index: number, part: Partial<DescribedRoute>): void =>
    onChange(routes.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-sm font-medium">Who hears of it</legend>
      {routes.length === 0 ? (
        <p className="text-sm text-pretty text-ink-soft">Every channel whose own labels fit.</p>
      ) : (
        routes.map((route, index) => (
          <div key={index} className="grid gap-2 rounded-lg border border-line p-3">
            <Channels
              channels={channels}
              to={route.to}
              problem={problems[`routes.${index}.to`]}
              onChange={(to) => change(index, { to })}
            />
            <div className="flex items-end gap-2">
              <div className="min-w-0 flex-1">
                <Field
                  label="Only with these labels"
                  hint="Such as team=shop, severity=page. Empty: all."
                  problem={problems[`routes.${index}.when`]}
                >
                  {(field) => (
                    <Input
                      {...field}
                      value={route.when}
                      onChange={(event) => change(index, { when: event.target.value })}
                    />
                  )}
                </Field>
              </div>
              <Button
                look="quiet"
                square
                icon={Trash2}
                aria-label={`Remove route ${index + 1}`}
                title="Remove this route"
                onClick={() => onChange(routes.filter((_, at) => at !== index))}
              />
            </div>
          </div>
        ))
      )}
      {channels.length === 0 ? null : (
        <Button
          look="quiet"
          icon={Plus}
          className="justify-self-start"
          onClick={() => onChange([...routes, { when: '', to: [] }])}
        >
          {routes.length === 0 ? 'Choose channels' : 'Add a route'}
        </Button>
      )}
    </fieldset>
  );
}

interface ChannelsProps {
  channels: readonly Channel[];
  to: readonly string[];
  problem: string | undefined;
  onChange: (to: readonly string[]) => void;
}

/** Also those that are named and gone: they can be taken out. */
function Channels({ channels, to, problem, onChange }: ChannelsProps) {
  const known = channels.map(({ id, name }) => ({ id, label: name ?? id }));
  const gone = to.filter((id) => !known.some((one) => one.id === id)).map((id) => ({ id, label: `${id} (gone)` }));
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {[...known, ...gone].map(({ id, label }) => (
          <Checkbox
            key={id}
            checked={to.includes(id)}
            onChange={({ target }) => onChange(target.checked ? [...to, id] : to.filter((one) => one !== id))}
          >
            {label}
          </Checkbox>
        ))}
      </div>
      {problem === undefined ? null : (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
