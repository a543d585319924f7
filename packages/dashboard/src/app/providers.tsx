'use client';

import { ThemeProvider, useTheme } from 'next-themes';
import type { ReactNode } from 'react';
import { Toaster } from 'sonner';

/** Theme and toasts, for every page. */
export function Providers({ children }: { children: ReactNode }) {
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
      {children}
      <Toasts />
    </ThemeProvider>
  );
}

function Toasts() {
  const { theme = 'system' } = useTheme();
  return <Toaster theme={theme as 'light' | 'dark' | 'system'} position="bottom-right" richColors closeButton />;
}
