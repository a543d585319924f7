'use client';

import { useInBrowser } from './use-in-browser';

/** A time as the reader's clock shows it; from the server, which does not know that clock, in UTC. */
export function Moment({ at, withDate = false }: { at: string; withDate?: boolean }) {
  const inBrowser = useInBrowser();
  const options: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(withDate ? { day: 'numeric', month: 'short' } : { second: '2-digit' }),
    ...(inBrowser ? {} : { timeZone: 'UTC' }),
  };
  return (
    <time dateTime={at} className="tabular-nums whitespace-nowrap">
      {new Intl.DateTimeFormat('en-US', options).format(new Date(at))}
    </time>
  );
}
