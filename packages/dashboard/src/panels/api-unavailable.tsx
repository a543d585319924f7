'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';

const TRY_EVERY_MS = 2_500;

/** Says that the API does not answer, and goes on trying. */
export function ApiUnavailable({ apiUrl, reason }: { apiUrl: string; reason: string }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), TRY_EVERY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <Notice title="The API does not answer">
      <p>
        There is no usable answer from <code className="font-mono text-ink">{apiUrl}</code>: {reason}.
      </p>
      <p>
        Start it with <code className="font-mono text-ink">hive up</code>, or set{' '}
        <code className="font-mono text-ink">HIVE_API_URL</code> to its address. This page keeps trying.
      </p>
      <output className="flex items-center gap-2">
        <span aria-hidden="true" className="size-2 rounded-full bg-honey motion-safe:animate-pulse" />
        Connecting
      </output>
      <Button className="justify-self-start" onClick={() => router.refresh()}>
        Try now
      </Button>
    </Notice>
  );
}
