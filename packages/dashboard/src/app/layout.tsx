import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { askApi, caller } from '../ask-api';
import { loadSnapshot } from '../live/snapshot';
import { Gate } from '../panels/gate';
import { Frame, LiveFrame } from './frame';
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
  const [{ browserApiUrl, token, ...gate }, asked] = await Promise.all([
    caller(),
    askApi((client) => loadSnapshot(client)),
  ]);
  return (
    // The theme's script sets the class before React wakes up.
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh bg-page font-sans text-ink">
        <Providers>
          {'answer' in asked ? (
            // Another API or token is another feed.
            <LiveFrame key={`${browserApiUrl} ${token}`} apiUrl={browserApiUrl} token={token} snapshot={asked.answer}>
              {children}
            </LiveFrame>
          ) : (
            <Frame>
              <Gate refusal={asked.refusal} {...gate} />
            </Frame>
          )}
        </Providers>
      </body>
    </html>
  );
}
