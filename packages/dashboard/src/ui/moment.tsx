'use client';

import { useInBrowser } from './use-in-browser';

interface MomentProps {
  at: string;
  withDate?: boolean;
}

/** A time as the reader's clock shows it; from the server, which does not know that clock, in UTC. */
export function Moment({ at, withDate = false }: MomentProps) {
  const sayTime = useSayTime(withDate);
  return (
    <time dateTime={at} className="tabular-nums whitespace-nowrap">
      {sayTime(at)}
    </time>
  );
}

/** The same for texts: writes a time as the reader's clock shows it. */
export function useSayTime(withDate = false): (at: string) => string {
  const inBrowser = useInBrowser();
  return (at) => formatOf({ withDate, inBrowser }).format(new Date(at));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once each: a list has hundreds of times, and to make a format takes longer than to use it. */
function formatOf({ withDate, inBrowser }: { withDate: boolean; inBrowser: boolean }): Intl.DateTimeFormat {
  const key = `${withDate} ${inBrowser}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(withDate ? { day: 'numeric', month: 'short' } : { second: '2-digit' }),
      ...(inBrowser ? {} : { timeZone: 'UTC' }),
    });
    formats.set(key, format);
  }
  return format;
}
