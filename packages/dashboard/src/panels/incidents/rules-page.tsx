'use client';

import { isOfFiles, type RouteOutput, type Rule } from '@hive/contract';
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useLive } from '../../live/feed-provider';
import { useMay } from '../../live/me';
import { useApi } from '../../live/use-api';
import { useChange } from '../../live/use-change';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { plural } from '../../ui/format';
import { FromFile } from '../from-file';
import { sayLabels } from '../labels-text';
import { IncidentParts } from './incident-parts';
import { RuleDialog } from './rule-dialog';
import { ruleInput } from './described-rule';
import { sayCondition } from './say-incident';

/** When incidents are opened. */
export function RulesPage({ loaded }: { loaded: RouteOutput<'listRules'> }) {
  const { data = loaded } = useApi('listRules', {}, { loaded });
  const targets = useLive(({ state }) => state.targets);
  const mayWrite = useMay('schedule.write');
  /** What the dialog is about; null: something new; undefined: it is closed. */
  const [edited, setEdited] = useState<Rule | null | undefined>(undefined);
  const { rules } = data;
  const on = rules.filter((rule) => rule.on).length;
  return (
    <div className="mx-auto grid max-w-5xl gap-4">
      <IncidentParts title="Rules">
        {mayWrite ? (
          <Button look="primary" icon={Plus} onClick={() => setEdited(null)}>
            Add a rule
          </Button>
        ) : null}
      </IncidentParts>
      <p className="text-pretty">
        {on === 0
          ? 'No rule is on: nothing opens an incident.'
          : `${plural(on, 'rule')} ${on === 1 ? 'opens' : 'open'} incidents.`}
      </p>
      <Card label="List of rules" title={plural(rules.length, 'rule')}>
        {rules.length === 0 ? (
          <Nothing>There is no rule.</Nothing>
        ) : (
          <ul className="-my-1 divide-y divide-line">
            {rules.map((rule) => (
              <RuleRow key={rule.id} rule={rule} onEdit={() => setEdited(rule)} />
            ))}
          </ul>
        )}
      </Card>
      {edited === undefined ? null : (
        <RuleDialog rule={edited} targets={targets.map(({ id }) => id)} onClose={() => setEdited(undefined)} />
      )}
    </div>
  );
}

function RuleRow({ rule, onEdit }: { rule: Rule; onEdit: () => void }) {
  const { id, name, target, when, severity, labels, remindMinutes, routes, on } = rule;
  const isFixed = isOfFiles('rule', rule);
  const said = [
    `Opens a ${severity} when ${sayCondition(when)}, for ${target ?? 'every target'}`,
    remindMinutes === null ? '' : `reminds every ${remindMinutes} min`,
    sayLabels(labels),
    routes.length === 0 ? '' : `to ${[...new Set(routes.flatMap(({ to }) => to))].join(', ')}`,
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {name}
          {isFixed ? <FromFile /> : null}
          {on ? null : <Badge>off</Badge>}
        </p>
        <p className="text-sm text-pretty text-ink-soft">{said.filter(Boolean).join(' · ')}</p>
      </div>
      {useMay('schedule.write') && !isFixed ? <Actions id={id} rule={rule} onEdit={onEdit} /> : null}
    </li>
  );
}

function Actions({ id, rule, onEdit }: { id: string; rule: Rule; onEdit: () => void }) {
  const { name, on } = rule;
  const [asking, setAsking] = useState(false);
  const { busy, run } = useChange({ renews: ['listRules', 'listIncidents'] });
  const turn = (): Promise<boolean> =>
    run((client) => client.call('replaceRule', { params: { id }, body: { ...ruleInput(rule), on: !on } }));
  const remove = (): Promise<boolean> => run((client) => client.call('deleteRule', { params: { id } }));
  if (asking) {
    return (
      <span className="flex flex-wrap items-center gap-2">
        <span className="text-sm text-ink-soft">Its open incidents are closed.</span>
        <Button look="danger" busy={busy} onClick={() => void remove()}>
          Remove {name}
        </Button>
        <Button onClick={() => setAsking(false)}>Keep</Button>
      </span>
    );
  }
  return (
    <span className="flex items-center gap-1">
      <Button disabled={busy} aria-label={`Turn ${on ? 'off' : 'on'} ${name}`} onClick={() => void turn()}>
        {on ? 'Turn off' : 'Turn on'}
      </Button>
      <Button look="quiet" square icon={Pencil} aria-label={`Edit ${name}`} title="Edit" onClick={onEdit} />
      <Button
        look="quiet"
        square
        icon={Trash2}
        aria-label={`Remove ${name}`}
        title="Remove"
        onClick={() => setAsking(true)}
      />
    </span>
  );
}
