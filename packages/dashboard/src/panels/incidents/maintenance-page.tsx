'use client';

import { isOfFiles, sayMinutes, type RouteOutput, type ShownMaintenance } from '@hive/contract';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useLive } from '../../live/feed-provider';
import { useMay } from '../../live/me';
import { useApi } from '../../live/use-api';
import { useChange } from '../../live/use-change';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { Moment } from '../../ui/moment';
import { useClock } from '../../ui/use-clock';
import { FromFile } from '../from-file';
import { ResultBadge } from '../result-badge';
import { IncidentParts } from './incident-parts';
import { MaintenanceDialog } from './maintenance-dialog';

const STEP_MS = 10_000;
const ASK_EVERY_MS = 30_000;

/** When nothing is opened, and how targets were before and after. */
export function MaintenancePage({ loaded }: { loaded: RouteOutput<'listMaintenance'> }) {
  const { data = loaded } = useApi('listMaintenance', {}, { loaded, everyMs: ASK_EVERY_MS });
  const targets = useLive(({ state }) => state.targets);
  const mayWrite = useMay('schedule.write');
  const now = useClock(STEP_MS);
  const [adding, setAdding] = useState(false);
  const windows = data.maintenance;
  return (
    <div className="mx-auto grid max-w-5xl gap-4">
      <IncidentParts title="Maintenance">
        {mayWrite ? (
          <Button look="primary" icon={Plus} onClick={() => setAdding(true)}>
            Add maintenance
          </Button>
        ) : null}
      </IncidentParts>
      <p className="text-pretty">{now === null ? 'Times in which nothing opens.' : sayNow(windows, now)}</p>
      <Card label="Times of maintenance">
        {windows.length === 0 ? (
          <Nothing>No maintenance was announced.</Nothing>
        ) : (
          <ul className="-my-1 divide-y divide-line">
            {windows.map((one) => (
              <Row key={one.id} one={one} now={now} />
            ))}
          </ul>
        )}
      </Card>
      {adding ? <MaintenanceDialog targets={targets.map(({ id }) => id)} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}

const isNow = ({ from, to }: ShownMaintenance, now: number): boolean => Date.parse(from) <= now && now < Date.parse(to);

function sayNow(windows: readonly ShownMaintenance[], now: number): string {
  const running = windows.filter((one) => isNow(one, now));
  if (running.length === 0) return 'Nothing is under maintenance now.';
  if (running.some(({ target }) => target === null)) return 'Every target is under maintenance now: nothing opens.';
  const names = [...new Set(running.map(({ target }) => target))];
  return `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} under maintenance now: nothing opens for ${names.length === 1 ? 'it' : 'them'}.`;
}

function Row({ one, now }: { one: ShownMaintenance; now: number | null }) {
  const { id, target, from, to, reason, before, after } = one;
  const { busy, run } = useChange({ renews: ['listMaintenance'] });
  const isFixed = isOfFiles('maintenance', one);
  const mayWrite = useMay('schedule.write') && !isFixed;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {target ?? 'Every target'}
          {isFixed ? <FromFile /> : null}
          {now !== null && isNow(one, now) ? <Badge tone="honey">now</Badge> : null}
          {now !== null && Date.parse(from) > now ? <Badge tone="info">to come</Badge> : null}
        </p>
        <p className="text-sm text-pretty text-ink-soft">
          {reason} · <Moment at={from} withDate /> to <Moment at={to} withDate /> (
          {sayMinutes(Date.parse(to) - Date.parse(from))})
        </p>
        {before === null && after === null ? null : (
          <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-ink-soft">
            Check before {before === null ? 'none' : <ResultBadge result={before} />} after{' '}
            {after === null ? 'none yet' : <ResultBadge result={after} />}
          </p>
        )}
      </div>
      {mayWrite ? (
        <Button
          busy={busy}
          disabled={busy}
          aria-label={`Remove: ${reason}`}
          onClick={() => void run((client) => client.call('deleteMaintenance', { params: { id } }))}
        >
          Remove
        </Button>
      ) : null}
    </li>
  );
}
