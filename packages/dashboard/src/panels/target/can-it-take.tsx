'use client';

import { boundsOf, toHiveError, type Limit, type Target } from '@hive/contract';
import { CircleHelp } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useId, useState, type FormEvent } from 'react';
import { useFeed, useLive } from '../../live/feed-provider';
import { Button } from '../../ui/button';
import { Input, Label, Select } from '../../ui/field';
import { toast } from '../../live/toast';

/** How long one run must hold, s. */
const TIMES: readonly [seconds: number, text: string][] = [
  [10, '10 seconds'],
  [30, '30 seconds'],
  [60, '1 minute'],
  [300, '5 minutes'],
];
const USUAL_SECONDS = 60;
/** Asked first where nothing is known. */
const FIRST_RATE = 100;

/** "Can it take 500 requests/s?": a session that answers yes or no, and sends no more than that. */
export function CanItTake({ target, limit }: { target: Target; limit: Limit | undefined }) {
  const { client } = useFeed();
  const router = useRouter();
  const ids = { rate: useId(), time: useId(), host: useId() };
  const [rate, setRate] = useState(String(Math.round(limit?.safe ?? limit?.low ?? FIRST_RATE)));
  const [seconds, setSeconds] = useState(USUAL_SECONDS);
  const [host, setHost] = useState('');
  const [asking, setAsking] = useState(false);
  const running = useLive(({ state }) => state.status.running);
  const isProduction = boundsOf(target).environment === 'production';
  const ask = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAsking(true);
    try {
      const { session_id: session } = await client.call('verify', {
        body: {
          target: target.id,
          atPerSecond: Number(rate),
          forSeconds: seconds,
          ...(isProduction ? { production: host.trim() } : {}),
        },
      });
      router.push(`/sessions/${encodeURIComponent(session)}`);
    } catch (error) {
      const { message, hint } = toHiveError(error);
      toast.error(message, hint === undefined ? {} : { description: hint });
    } finally {
      setAsking(false);
    }
  };
  return (
    <form
      aria-label="Can it take a rate"
      onSubmit={(event) => void ask(event)}
      className="grid grid-cols-2 items-end gap-2 rounded-xl border border-line bg-surface px-4 py-3 sm:px-5"
    >
      <h2 className="col-span-2 text-sm font-semibold tracking-tight">Can it take {rate === '' ? '…' : rate}/s?</h2>
      <div>
        <Label htmlFor={ids.rate}>Requests per second</Label>
        <Input
          id={ids.rate}
          type="number"
          min={1}
          required
          value={rate}
          onChange={(event) => setRate(event.target.value)}
        />
      </div>
      <div>
        <Label htmlFor={ids.time}>For</Label>
        <Select id={ids.time} value={seconds} onChange={(event) => setSeconds(Number(event.target.value))}>
          {TIMES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      </div>
      {isProduction ? (
        <div className="col-span-2">
          <Label htmlFor={ids.host}>Its host, to confirm that production may be loaded</Label>
          <Input id={ids.host} required value={host} onChange={(event) => setHost(event.target.value)} />
        </div>
      ) : null}
      <Button
        type="submit"
        icon={CircleHelp}
        busy={asking}
        disabled={asking || running || !(Number(rate) > 0)}
        title={running ? 'A session runs: stop it first' : undefined}
        className="col-span-2"
      >
        Ask
      </Button>
    </form>
  );
}
