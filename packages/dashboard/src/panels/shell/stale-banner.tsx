'use client';

import { CloudOff } from 'lucide-react';
import { useFeed, useLive } from '../../live/feed-provider';
import { Button } from '../../ui/button';
import { duration } from '../../ui/format';
import { useNow } from '../../ui/use-now';

/** Says at the top of every page that what stands below is old, and how old. */
export function StaleBanner() {
  const feed = useFeed();
  const isStale = useStale();
  const heardAtMs = useLive((view) => view.heardAtMs);
  const now = useNow(isStale, 500);
  if (!isStale) return null;
  const age = now === null ? '' : ` for ${duration(Math.max(0, now - heardAtMs) / 1_000)}`;
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-bad bg-bad-wash px-4 py-2 text-sm text-bad sm:px-6"
    >
      <CloudOff aria-hidden="true" className="size-4 shrink-0" />
      <p className="min-w-0 flex-1 basis-64">
        <span className="font-semibold">The API has not answered{age}.</span> What you see is as old as that, and
        nothing can be started or stopped from here until it answers.
      </p>
      <Button look="danger" onClick={() => feed.retry()}>
        Try now
      </Button>
    </div>
  );
}

/** Whether the API is away: what is shown is old, and nothing can be asked of it. */
export function useStale(): boolean {
  return useLive(({ connection }) => connection === 'reconnecting' || connection === 'offline');
}
