'use client';

import { useEffect } from 'react';
import { useLive } from '../live/feed-provider';
import { toast } from '../live/toast';

const TELL = { info: toast.info, warning: toast.warning, critical: toast.error } as const;

/** Tells each alert of the feed once. */
export function useAlerts(): void {
  const alert = useLive(({ state }) => state.alert);
  useEffect(() => {
    if (alert !== null) TELL[alert.severity](alert.text, { id: `alert-${alert.seq}` });
  }, [alert]);
}
