'use client';

import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { toast, Toaster } from 'sonner';
import { showBy } from '../live/toast';

/** Toasts in the colors of the page. */
export function ThemedToaster() {
  const { theme = 'system' } = useTheme();
  // It listens since an effect of its own, which came before.
  useEffect(() => showBy(toast), []);
  return <Toaster theme={theme as 'light' | 'dark' | 'system'} position="bottom-right" richColors closeButton />;
}
