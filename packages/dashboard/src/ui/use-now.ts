'use client';

import { useEffect, useState } from 'react';

/** The time, ms, renewed while `running`, then standing still; null until the page has woken up, as the server's clock is not the reader's. */
export function useNow(running: boolean, everyMs = 250): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [running, everyMs]);
  return now;
}
