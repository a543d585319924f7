'use client';

import { HiveError, type Fleet, type LoadGenerator, type LoadGeneratorState } from '@hive/contract';
import { useState } from 'react';
import { May, useMay } from '../../live/me';
import { useFeed, useLive } from '../../live/feed-provider';
import { Badge, type Tone } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { plural, quantity, say } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { InviteForm } from './invite-form';
import { SetUp } from './set-up';
import { toast } from '../../live/toast';

/** What each state is called, and how it looks. */
const STATES: Record<LoadGeneratorState, { text: string; tone: Tone }> = {
  idle: { text: 'idle', tone: 'good' },
  busy: { text: 'sending', tone: 'honey' },
  never_seen: { text: 'never seen', tone: 'plain' },
  stale: { text: 'not heard', tone: 'bad' },
  incompatible: { text: 'other version', tone: 'info' },
  revoked: { text: 'revoked', tone: 'plain' },
};

/** Who sends load beside this machine, how each is, and how one is added or ended. */
export function FleetPage({ loaded }: { loaded: Fleet }) {
  const { client } = useFeed();
  const told = useLive(({ state }) => state.fleet);
  const [asked, setAsked] = useState<Fleet | null>(null);
  // Whichever was told last; the feed tells every change.
  const fleet = told ?? asked ?? loaded;
  const reload = async (): Promise<void> => setAsked(await client.call('fleet'));
  const revoke = async (name: string): Promise<void> => {
    try {
      await client.call('revokeFromFleet', { params: { name } });
      await reload();
      toast.success(`Revoked ${name}. No Hive listens to it any more.`);
    } catch (error) {
      toast.error(error instanceof HiveError ? error.message : 'The API does not answer');
    }
  };
  return (
    <div className="mx-auto grid max-w-4xl gap-4">
      <h1 className="text-lg font-semibold tracking-tight">Load generators</h1>
      {fleet.url === null ? (
        <SetUp />
      ) : (
        <>
          <p className="text-sm text-pretty text-ink-soft">{sayFleet(fleet)}</p>
          <Card label="Load generators on other machines">
            <Members fleet={fleet} onRevoke={revoke} />
          </Card>
          <May to="fleet.write">
            <Card label="Invite a load generator">
              <InviteForm onInvited={reload} />
            </Card>
          </May>
        </>
      )}
    </div>
  );
}

function Members({ fleet, onRevoke }: { fleet: Fleet; onRevoke: (name: string) => Promise<void> }) {
  if (fleet.loadGenerators.length === 0)
    return <Nothing>Nobody was invited yet. Every session sends from this machine.</Nothing>;
  return (
    <ul className="divide-y divide-line text-sm">
      {fleet.loadGenerators.map((one) => (
        <Member key={`${one.name} ${one.invitedUntil}`} one={one} onRevoke={onRevoke} />
      ))}
    </ul>
  );
}

function Member({ one, onRevoke }: { one: LoadGenerator; onRevoke: (name: string) => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  const mayWrite = useMay('fleet.write');
  const { text, tone } = STATES[one.state];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
      <span className="w-32 min-w-0 truncate font-medium">{one.name}</span>
      <span className="w-24 text-ink-soft">{one.region ?? 'no region'}</span>
      <span className="w-28">
        <Badge tone={tone}>{text}</Badge>
      </span>
      <span className="min-w-0 flex-1 basis-40 text-ink-soft">
        {one.invitedUntil === null ? (
          sayMember(one)
        ) : (
          <>
            invited, good until <Moment at={one.invitedUntil} />
          </>
        )}
      </span>
      {mayWrite && asking ? (
        <span className="flex gap-2">
          <Button look="danger" onClick={() => void onRevoke(one.name).then(() => setAsking(false))}>
            Revoke {one.name}
          </Button>
          <Button onClick={() => setAsking(false)}>Keep</Button>
        </span>
      ) : null}
      {mayWrite && !asking ? (
        <Button aria-label={`Revoke ${one.name}`} onClick={() => setAsking(true)}>
          Revoke
        </Button>
      ) : null}
    </li>
  );
}

function sayMember({ threads, roundTripMs, version }: LoadGenerator): string {
  const parts = [
    threads === null ? null : plural(threads, 'thread'),
    roundTripMs === null ? null : `round trip ${say(quantity(roundTripMs, 'ms'))}`,
    version === null ? null : `version ${version}`,
  ];
  return parts.filter((part) => part !== null).join(' · ') || 'joined, not heard yet';
}

function sayFleet({ url, loadGenerators }: Fleet): string {
  const ready = loadGenerators.filter(({ state }) => state === 'idle' || state === 'busy');
  const regions = new Set(ready.flatMap(({ region }) => region ?? []));
  const where = regions.size === 0 ? '' : ` in ${plural(regions.size, 'region')}`;
  return `${plural(ready.length, 'load generator')} ready${where}, over ${url}.`;
}
