'use client';

import { EVENT_LABELS, type Incident, type IncidentDetail } from '@hive/contract';
import { useState, type FormEvent } from 'react';
import { useMay } from '../../live/me';
import { useChange } from '../../live/use-change';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Field } from '../../ui/field';
import { Moment } from '../../ui/moment';
import { IncidentRow } from './incident-row';
import { NoteInput } from './note-input';

/** Who looks after it, and everything that was said and done about it. */
export function WhoHasIt({ detail: { incident, events } }: { detail: IncidentDetail }) {
  const mayRun = useMay('run');
  return (
    <Card label="Who has it, and notes">
      <p className="text-sm text-pretty">
        {incident.acknowledgedAt === null ? (
          'Nobody has acknowledged it.'
        ) : (
          <>
            <strong className="font-semibold">{incident.acknowledgedBy ?? 'Somebody'}</strong> has it since{' '}
            <Moment at={incident.acknowledgedAt} withDate />.
          </>
        )}
      </p>
      <ol className="mt-3 grid gap-2 border-l border-line pl-4 text-sm">
        {events.map(({ id, at, type, who, text }) => (
          <li key={id} className="min-w-0">
            <span className="text-ink-soft">
              <Moment at={at} withDate /> · {EVENT_LABELS[type]}
              {who === null ? '' : ` by ${who}`}
            </span>
            {text === null ? null : (
              <span className="block whitespace-pre-wrap text-pretty [overflow-wrap:anywhere]">{text}</span>
            )}
          </li>
        ))}
      </ol>
      {mayRun ? <NoteForm id={incident.id} /> : null}
    </Card>
  );
}

function NoteForm({ id }: { id: string }) {
  const [text, setText] = useState('');
  const { busy, problems, run } = useChange({ renews: ['getIncident'], fields: ['text'] });
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await run((client) => client.call('noteIncident', { params: { id }, body: { text } }))) setText('');
  };
  return (
    <form noValidate onSubmit={(event) => void send(event)} className="mt-3 grid gap-2">
      <Field label="Note" problem={problems.at['text'] ?? problems.whole ?? undefined}>
        {(field) => <NoteInput {...field} value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <Button type="submit" busy={busy} disabled={busy} className="justify-self-start">
        Add note
      </Button>
    </form>
  );
}

/** Other incidents that say something about this one. */
export function OtherIncidents({ label, incidents }: { label: string; incidents: readonly Incident[] }) {
  if (incidents.length === 0) return null;
  return (
    <Card label={label}>
      <ul className="-my-1 divide-y divide-line text-sm">
        {incidents.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
      </ul>
    </Card>
  );
}
