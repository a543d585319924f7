'use client';

import { Button } from '../ui/button';
import { Notice } from '../ui/notice';

/** Shown when a page breaks. */
export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <Notice title="This page failed">
      <p>{error.message || 'Something unexpected happened.'} A running session is not affected.</p>
      <Button className="justify-self-start" onClick={reset}>
        Try again
      </Button>
    </Notice>
  );
}
