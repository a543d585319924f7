'use client';

import type { Channel, RouteOutput } from '@hive/contract';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { May } from '../../live/me';
import { useApi } from '../../live/use-api';
import { Button } from '../../ui/button';
import { Card, Nothing } from '../../ui/card';
import { plural } from '../../ui/format';
import { ChannelDialog } from './channel-dialog';
import { ChannelRow } from './channel-row';
import { SecretsCard } from './secrets-card';
import { SettingsParts } from './settings-parts';

interface ChannelsPageProps {
  loaded: { channels: RouteOutput<'listChannels'>; secrets: RouteOutput<'listSecrets'> };
}

/** Where messages about incidents go, and whether they arrive. */
export function ChannelsPage({ loaded }: ChannelsPageProps) {
  const { data = loaded.channels } = useApi('listChannels', {}, { loaded: loaded.channels });
  const { channels } = data;
  /** What the dialog is about; null: something new; undefined: it is closed. */
  const [edited, setEdited] = useState<Channel | null | undefined>(undefined);
  return (
    <div className="mx-auto grid max-w-4xl gap-4">
      <SettingsParts title="Channels">
        <May to="channel.write">
          <Button look="primary" icon={Plus} onClick={() => setEdited(null)}>
            Add a channel
          </Button>
        </May>
      </SettingsParts>
      <p className="text-pretty">{sayChannels(channels)}</p>
      <Card label="Channels" title={plural(channels.length, 'channel')}>
        {channels.length === 0 ? (
          <Nothing>There is no channel.</Nothing>
        ) : (
          <ul className="-my-1 divide-y divide-line text-sm">
            {channels.map((channel) => (
              <ChannelRow key={channel.id} channel={channel} onEdit={() => setEdited(channel)} />
            ))}
          </ul>
        )}
      </Card>
      <SecretsCard loaded={loaded.secrets} />
      {edited === undefined ? null : <ChannelDialog channel={edited} onClose={() => setEdited(undefined)} />}
    </div>
  );
}

function sayChannels(channels: readonly Channel[]): string {
  const on = channels.filter((channel) => channel.on).length;
  const where = 'Which messages were sent, and which failed, stands on the page of each incident.';
  if (on === 0) return 'No channel is on: only who looks here hears of an incident.';
  return `${plural(on, 'channel')} ${on === 1 ? 'hears' : 'hear'} of incidents. ${where}`;
}
