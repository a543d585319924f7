'use client';

import { setNonce } from 'get-nonce';
import { ThemeProvider } from 'next-themes';
import { QueryClientProvider } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useEffect, useState, type ReactNode } from 'react';
import { createQueries } from '../live/use-api';
import { Toasts } from './toasts';

/** Theme, toasts, what was asked of the API, and the state that pages keep in their address. */
export function Providers({ nonce: given, children }: { nonce: string | undefined; children: ReactNode }) {
  // Later answers have others: the policy of a document is that of its first.
  const [nonce] = useState(given);
  const [queries] = useState(createQueries);
  // For dialogs and menus, which keep the page below from scrolling by a style.
  useEffect(() => {
    if (nonce !== undefined) setNonce(nonce);
  }, [nonce]);
  return (
    <ThemeProvider
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      {...(nonce === undefined ? {} : { nonce })}
    >
      <QueryClientProvider client={queries}>
        <NuqsAdapter>{children}</NuqsAdapter>
      </QueryClientProvider>
      <Toasts />
    </ThemeProvider>
  );
}
