'use client';

import { useEffect, useRef } from 'react';
import { useLive } from '../../live/feed-provider';
import { shareDone } from '../../live/share-done';

const EVERY_MS = 1_000;
const RUNNING = '▶';

/** While a session runs, the tab says how far it is: `▶ 62 % · practice – Hive`. */
export function useRunningTitle(): void {
  const status = useLive(({ state }) => state.status);
  const statusAtMs = useLive(({ state }) => state.statusAtMs);
  const own = useRef<string | null>(null);
  useEffect(() => {
    const tell = (): void => {
      if (!document.title.startsWith(RUNNING)) own.current = document.title;
      const share = shareDone(status, Date.now() - statusAtMs);
      const far = share === null ? '' : `${Math.round(share * 100)} % · `;
      document.title = `${RUNNING} ${far}${status.target} – Hive`;
    };
    if (!status.running) {
      if (own.current !== null && document.title.startsWith(RUNNING)) document.title = own.current;
      return;
    }
    tell();
    const timer = setInterval(tell, EVERY_MS);
    return () => clearInterval(timer);
  }, [status, statusAtMs]);
}
