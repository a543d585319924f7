'use client';

import type { IncidentDetail } from '@hive/contract';
import { Activity, BellOff, BellRing, Check, Octagon } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useLive } from '../../live/feed-provider';
import { useMay } from '../../live/me';
import { useChange } from '../../live/use-change';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { Field } from '../../ui/field';
import { toast } from '../../live/toast';
import { useClock } from '../../ui/use-clock';
import { useActions } from '../use-actions';
import { NoteInput } from './note-input';

const MUTE_MINUTES = 60;
const STEP_MS = 10_000;

/** What can be done about it now. Nothing for whoever may only look. */
export function IncidentActions({ detail }: { detail: IncidentDetail }) {
  const { incident, scheduleId } = detail;
  const isOpen = incident.status === 'open';
  const mayRun = useMay('run');
  const { stopAll, doing } = useActions();
  const isRunning = useLive(({ state }) => state.status.running);
  const isMuted = useIsMuted(incident.mutedUntil);
  const { busy, run } = useChange({ renews: ['getIncident', 'listIncidents'] });
  const { id } = incident;
  if (!mayRun) return null;
  const check = async (): Promise<void> => {
    if (scheduleId === null) return;
    const started = await run((client) => client.call('runSchedule', { params: { id: scheduleId } }));
    if (started) toast.info('Checking. What it finds appears here by itself.');
  };
  const mute = (minutes: number): Promise<boolean> =>
    run((client) => client.call('muteIncident', { params: { id }, body: { minutes } }));
  return (
    <Card label="Actions" title="What to do now">
      <div className="grid gap-3">
        {isOpen && incident.acknowledgedAt === null ? <AcknowledgeForm id={id} /> : null}
        <div className="grid grid-cols-2 gap-2">
          {scheduleId === null ? null : (
            <Button icon={Activity} disabled={busy} onClick={() => void check()}>
              Check now
            </Button>
          )}
          {isOpen && !isMuted ? (
            <Button icon={BellOff} disabled={busy} onClick={() => void mute(MUTE_MINUTES)}>
              Mute 1 h
            </Button>
          ) : null}
          {isOpen && isMuted ? (
            <Button icon={BellRing} disabled={busy} onClick={() => void mute(0)}>
              End mute
            </Button>
          ) : null}
          <Button
            look="danger"
            icon={Octagon}
            className="col-span-2"
            busy={doing === 'stopping'}
            disabled={doing === 'stopping'}
            title={isRunning ? undefined : 'Hive measures nothing now; other instances may'}
            onClick={stopAll}
          >
            Stop all load
          </Button>
        </div>
      </div>
    </Card>
  );
}

function useIsMuted(until: string | null): boolean {
  const now = useClock(STEP_MS);
  return until !== null && now !== null && Date.parse(until) > now;
}

function AcknowledgeForm({ id }: { id: string }) {
  const [note, setNote] = useState('');
  const { busy, problems, run } = useChange({ renews: ['getIncident', 'listIncidents'], fields: ['note'] });
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const text = note.trim();
    await run((client) =>
      client.call('acknowledgeIncident', { params: { id }, body: text === '' ? {} : { note: text } }),
    );
  };
  return (
    <form noValidate onSubmit={(event) => void send(event)} className="grid gap-2">
      <Field label="Note (optional)" problem={problems.at['note'] ?? problems.whole ?? undefined}>
        {(field) => (
          <NoteInput
            {...field}
            placeholder="I look at it"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" look="primary" icon={Check} busy={busy} disabled={busy}>
        Acknowledge
      </Button>
    </form>
  );
}
