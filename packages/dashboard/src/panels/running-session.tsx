'use client';

import Link from 'next/link';
import { useLive } from '../live/feed-provider';

/** Leads to the running session, from every page; nothing while none runs. */
export function RunningSession() {
  const { running, session_id: id, target } = useLive(({ state }) => state.status);
  if (!running || id === null) return null;
  return (
    <Link
      href={`/sessions/${id}`}
      prefetch={false}
      className="inline-flex h-8 min-w-0 items-center gap-2 rounded-full bg-honey-wash px-3 text-xs font-medium text-honey-ink hover:underline"
    >
      <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-honey motion-safe:animate-pulse" />
      <span className="truncate">Measuring {target}</span>
    </Link>
  );
}
