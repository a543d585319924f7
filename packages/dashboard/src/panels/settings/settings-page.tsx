'use client';

import { HiveError, type Storage } from '@hive/contract';
import { useState } from 'react';
import { useMay } from '../../live/me';
import { useFeed } from '../../live/feed-provider';
import { Card } from '../../ui/card';
import { Input } from '../../ui/field';
import { count, plural, quantity, say } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { ThemeToggle } from '../../ui/theme-toggle';
import { SettingsParts } from './settings-parts';
import { toast } from '../../live/toast';

const NAMES: Record<Storage['stores'][number]['name'], string> = {
  seconds: 'Seconds of runs',
  minutes: 'Minutes of runs',
  runs: 'Runs',
  sessions: 'Sessions',
  targets: 'Targets',
  checks: 'Single checks',
  check_hours: 'Checks by the hour',
};

/** How the dashboard looks, and what is stored for how long. */
export function SettingsPage({ loaded }: { loaded: Storage }) {
  const { client } = useFeed();
  const mayWrite = useMay('storage.write');
  const [storage, setStorage] = useState(loaded);
  const keep = async (name: string, text: string): Promise<void> => {
    try {
      const keepDays = { [name]: text.trim() === '' ? null : Number(text) };
      setStorage(await client.call('setStorage', { body: { keepDays } }));
      toast.success('Saved. What is older is removed within the hour.');
    } catch (error) {
      toast.error(error instanceof HiveError ? error.message : 'The API does not answer');
    }
  };
  const bytes = storage.stores.reduce((sum, store) => sum + store.bytes, 0);
  return (
    <div className="mx-auto grid max-w-4xl gap-4">
      <SettingsParts title="Settings" />
      <Card label="Theme">
        <ThemeToggle />
      </Card>
      <Card label="Storage" title={`Storage: ${say(quantity(bytes, 'bytes'))}`}>
        <ul className="divide-y divide-line text-sm">
          {storage.stores.map(({ name, bytes: size, rows, oldest, keepDays }) => (
            <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
              <span className="w-36 font-medium">{NAMES[name]}</span>
              <span className="min-w-0 flex-1 basis-48 text-ink-soft">
                {say(quantity(size, 'bytes'))} · about {plural(rows, 'row')}
                {oldest === null ? null : (
                  <>
                    {' · since '}
                    <Moment at={oldest} withDate />
                  </>
                )}
              </span>
              {name === 'targets' ? (
                <span className="text-ink-soft">until deleted</span>
              ) : !mayWrite ? (
                <span className="text-ink-soft">
                  {keepDays === null ? 'kept for ever' : `kept for ${count(keepDays)} days`}
                </span>
              ) : (
                <span className="flex items-center gap-2 text-ink-soft">
                  kept for
                  <span className="w-24">
                    <Input
                      type="number"
                      min={1}
                      defaultValue={keepDays ?? ''}
                      placeholder="all"
                      aria-label={`Days that ${NAMES[name].toLowerCase()} are kept`}
                      onBlur={(event) => {
                        if (event.target.value !== String(keepDays ?? '')) void keep(name, event.target.value);
                      }}
                    />
                  </span>
                  days
                </span>
              )}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
