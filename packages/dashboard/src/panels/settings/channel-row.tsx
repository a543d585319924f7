'use client';

import { isOfFiles, type Channel, type TestedChannel } from '@hive/contract';
import { Pencil, Send } from 'lucide-react';
import { useState } from 'react';
import { May } from '../../live/me';
import { useChange } from '../../live/use-change';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { capitalized, count } from '../../ui/format';
import { Moment } from '../../ui/moment';
import { FromFile } from '../from-file';
import { sayLabels } from '../labels-text';
import { CHANNEL_NAMES, turned } from './described-channel';

/** One channel: whom it reaches, what it hears of, and a test message with what the other side answers. */
export function ChannelRow({ channel, onEdit }: { channel: Channel; onEdit: () => void }) {
  const { id, name, type, on, when } = channel;
  const [asking, setAsking] = useState(false);
  const [tested, setTested] = useState<TestedChannel | null>(null);
  const { busy, run } = useChange({ renews: ['listChannels'] });
  const title = name ?? id;
  const isFixed = isOfFiles('channel', channel);
  const test = (): Promise<boolean> =>
    run(async (client) => setTested(await client.call('testChannel', { params: { id } })));
  const said = [CHANNEL_NAMES[type], whomOf(channel), name === null ? null : id, hearsOf(when), weeklyOf(channel)];
  return (
    <li className="grid gap-2 py-3">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="flex flex-wrap items-center gap-2">
            <span className="min-w-0 truncate font-semibold">{title}</span>
            {isFixed ? <FromFile /> : null}
            {on ? null : <Badge>off</Badge>}
          </p>
          <p className="text-pretty text-ink-soft [overflow-wrap:anywhere]">{said.filter(Boolean).join(' · ')}</p>
          <LastWeekly channel={channel} />
        </div>
        <May to="channel.write">
          {asking ? (
            <span className="flex flex-wrap gap-2">
              <Button
                look="danger"
                busy={busy}
                onClick={() => void run((client) => client.call('deleteChannel', { params: { id } }))}
              >
                Remove {title}
              </Button>
              <Button onClick={() => setAsking(false)}>Keep</Button>
            </span>
          ) : (
            <span className="flex flex-wrap gap-2">
              <Button
                icon={Send}
                busy={busy}
                disabled={busy}
                aria-label={`Send a test to ${title}`}
                onClick={() => void test()}
              >
                Send test
              </Button>
              {isFixed ? null : (
                <>
                  <Button icon={Pencil} aria-label={`Change ${title}`} onClick={onEdit}>
                    Change
                  </Button>
                  <Button
                    disabled={busy}
                    aria-label={`Turn ${on ? 'off' : 'on'} ${title}`}
                    onClick={() =>
                      void run((client) =>
                        client.call('replaceChannel', { params: { id }, body: turned(channel, !on) }),
                      )
                    }
                  >
                    {on ? 'Turn off' : 'Turn on'}
                  </Button>
                  <Button look="danger" aria-label={`Remove ${title}`} onClick={() => setAsking(true)}>
                    Remove
                  </Button>
                </>
              )}
            </span>
          )}
        </May>
      </div>
      {tested === null ? null : <Tested tested={tested} />}
    </li>
  );
}

/** To whom it leads, as far as that is no secret. */
function whomOf(channel: Channel): string | null {
  if (channel.type === 'email') return channel.to.join(', ');
  return channel.type === 'webhook' || channel.type === 'apprise' ? channel.url : null;
}

function hearsOf(when: Channel['when']): string {
  return Object.keys(when).length === 0 ? 'hears of every incident' : `hears of ${sayLabels(when)}`;
}

function weeklyOf(channel: Channel): string | null {
  if (channel.type !== 'email' || channel.weekly === undefined) return null;
  return `weekly mail on ${capitalized(channel.weekly)}`;
}

/** What became of its newest weekly mail. */
function LastWeekly({ channel: { lastWeekly } }: { channel: Channel }) {
  if (lastWeekly === undefined) return null;
  const { dueAt, endedAt, problem } = lastWeekly;
  const isOver = endedAt !== null;
  if (isOver && problem === null)
    return (
      <p className="text-sm text-ink-soft">
        Last weekly mail: sent <Moment at={endedAt} withDate />
      </p>
    );
  const state = isOver ? 'failed' : problem === null ? 'not known to be sent' : 'is tried again';
  return (
    <p className={`text-sm text-pretty ${isOver ? 'text-bad' : 'text-ink-soft'}`}>
      Weekly mail of <Moment at={dueAt} withDate />: {state}
      {problem === null ? '' : `: ${problem}`}
    </p>
  );
}

/** What became of the test message: the answer of the other side, or why there was none. */
function Tested({ tested: { ok, ms, status, body, problem, hint } }: { tested: TestedChannel }) {
  const answered = status === null ? '' : ` answered ${status}`;
  return (
    <output className={`grid gap-1 rounded-lg px-3 py-2 ${ok ? 'bg-good-wash text-good' : 'bg-bad-wash text-bad'}`}>
      <span className="font-medium text-pretty">
        {ok
          ? `The test message was taken: the other side${answered} in ${count(ms)} ms.`
          : `The test message did not arrive: ${problem ?? `the other side${answered}`}.`}
      </span>
      {hint === null ? null : <span className="text-pretty">To fix it: {hint}.</span>}
      {body === null || body === '' ? null : (
        <code className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{body}</code>
      )}
    </output>
  );
}
