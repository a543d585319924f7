'use client';

import { useEffect } from 'react';
import { toast } from 'sonner';
import type { Alert } from '../live/state';

const TELL = { info: toast.info, warning: toast.warning, critical: toast.error } as const;

/** Tells each alert of the feed once. */
export function useAlerts(alert: Alert | null): void {
  useEffect(() => {
    if (alert !== null) TELL[alert.severity](alert.text, { id: `alert-${alert.seq}` });
  }, [alert]);
}
