import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { askApi, caller } from '../ask-api';
import { loadSnapshot } from '../live/snapshot';
import { Gate } from '../panels/gate';
import { BareFrame, LiveFrame } from './frame';
import { Providers } from './providers';
import './globals.css';

/** Every page is painted when it is asked for, so that its first paint is the truth. */
export const dynamic = 'force-dynamic';

export const metadata: Metadata = {
  title: { default: 'Hive', template: '%s – Hive' },
  description: 'What can a service take, where does it break, and has that changed?',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f5f2' },
    { media: '(prefers-color-scheme: dark)', color: '#0e0e10' },
  ],
};

/** What all pages share: the live feed, the navigation, and the gate that stands in a page's place while the API shows nothing. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [{ apiUrl, browserApiUrl, hasToken, nonce }, asked] = await Promise.all([
    caller(),
    askApi(async (client) => {
      const [snapshot, me] = await Promise.all([loadSnapshot(client), client.call('me')]);
      return { snapshot, me };
    }),
  ]);
  return (
    // The theme's script sets the class before React wakes up.
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh bg-page font-sans text-ink">
        <Providers nonce={nonce}>
          {'answer' in asked ? (
            // Another API is another feed.
            <LiveFrame key={browserApiUrl} apiUrl={browserApiUrl} hasToken={hasToken} {...asked.answer}>
              {children}
            </LiveFrame>
          ) : (
            <BareFrame>
              <Gate refusal={asked.refusal} apiUrl={apiUrl} browserApiUrl={browserApiUrl} hasToken={hasToken} />
            </BareFrame>
          )}
        </Providers>
      </body>
    </html>
  );
}
