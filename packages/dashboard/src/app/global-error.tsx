'use client';

import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import './globals.css';

/** Shown when even the frame of the pages breaks. */
export default function GlobalError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body className="min-h-dvh bg-page font-sans text-ink">
        <main>
          <Notice title="The dashboard failed">
            <p>{error.message || 'Something unexpected happened.'} A running session is not affected.</p>
            <Button className="justify-self-start" onClick={reset}>
              Try again
            </Button>
          </Notice>
        </main>
      </body>
    </html>
  );
}
