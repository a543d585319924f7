'use client';

import type { RouteOutput } from '@hive/contract';
import { Scale } from 'lucide-react';
import Link from 'next/link';
import { useLive } from '../live/feed-provider';
import { updatedRows } from '../live/rows';
import { Button } from '../ui/button';
import { SessionHistory } from './session-history';

export interface SessionListProps {
  loaded: RouteOutput<'listSessions'>;
  /** It holds the newest: what starts now belongs to it. */
  isFirst: boolean;
}

const LINK = 'rounded font-medium text-honey-ink underline underline-offset-4';

/** A page of the history of sessions, and the ways to the others. */
export function SessionList({ loaded, isFirst }: SessionListProps) {
  const told = useLive(({ state }) => state.sessions);
  const status = useLive(({ state }) => state.status);
  const sessions = updatedRows(loaded.sessions, told, () => isFirst);
  return (
    <div className="grid gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Sessions</h1>
      <form action="/compare" className="grid gap-4">
        <SessionHistory
          title={isFirst ? 'Newest sessions' : 'Older sessions'}
          aside={
            <Button type="submit" icon={Scale}>
              Compare the two chosen
            </Button>
          }
          sessions={sessions}
          status={status}
          canChoose
        />
      </form>
      {isFirst && loaded.next === null ? null : (
        <nav aria-label="Pages of sessions" className="flex gap-6 text-sm">
          {isFirst ? null : (
            <Link href="/sessions" className={LINK}>
              Newest sessions
            </Link>
          )}
          {loaded.next === null ? null : (
            <Link href={`/sessions?after=${encodeURIComponent(loaded.next)}`} prefetch={false} className={LINK}>
              Older sessions
            </Link>
          )}
        </nav>
      )}
    </div>
  );
}
