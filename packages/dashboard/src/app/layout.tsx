import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Providers } from './providers';
import './globals.css';

export const metadata: Metadata = {
  title: 'Hive',
  description: 'What can a service take, where does it break, and has that changed?',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f5f2' },
    { media: '(prefers-color-scheme: dark)', color: '#0e0e10' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme's script sets the class before React wakes up.
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh bg-page font-sans text-ink">
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
