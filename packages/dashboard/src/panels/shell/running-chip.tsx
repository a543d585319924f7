'use client';

import Link from 'next/link';
import { Square } from 'lucide-react';
import { useLive } from '../../live/feed-provider';
import { useMay } from '../../live/me';
import { shareDone } from '../../live/share-done';
import { percent } from '../../ui/format';
import { useNow } from '../../ui/use-now';
import { useActions } from '../use-actions';

/** The running session on every page: how far it is, the way to it, and Stop. Nothing while none runs. */
export function RunningChip() {
  const status = useLive(({ state }) => state.status);
  const statusAtMs = useLive(({ state }) => state.statusAtMs);
  const live = useLive(({ connection }) => connection === 'live');
  const { stop, doing } = useActions();
  const mayRun = useMay('run');
  const now = useNow(status.running && live, 1_000);
  if (!status.running || status.session_id === null) return null;
  const share = shareDone(status, now === null ? 0 : now - statusAtMs);
  return (
    <div className="flex h-9 min-w-0 items-center rounded-full bg-honey-wash text-xs font-medium text-honey-ink">
      <Link
        href={`/sessions/${status.session_id}`}
        prefetch={false}
        aria-label={`Measuring ${status.target}`}
        className="flex h-full min-w-0 items-center gap-2 rounded-full pr-1 pl-3 last:pr-3 hover:underline"
      >
        <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-honey motion-safe:animate-pulse" />
        <span className="truncate">
          {status.target}
          {share === null ? '' : ` · ${percent(Math.round(share * 100) / 100)}`}
        </span>
      </Link>
      {mayRun ? (
        <button
          type="button"
          aria-label={`Stop measuring ${status.target}`}
          title="Stop this session"
          disabled={!live || doing === 'stopping'}
          onClick={stop}
          className="mr-0.5 flex h-8 items-center gap-1.5 rounded-full px-2.5 text-bad hover:bg-bad-wash disabled:opacity-50"
        >
          <Square aria-hidden="true" className="size-3 fill-current" />
          <span className="hidden sm:inline">Stop</span>
        </button>
      ) : null}
    </div>
  );
}
