'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { FeedProvider, useLive } from '../live/feed-provider';
import type { FeedOptions } from '../live/feed';
import { ConnectionIndicator } from '../panels/connection-indicator';
import { Gate } from '../panels/gate';
import { RunningSession } from '../panels/running-session';
import { useAlerts } from '../panels/use-alerts';
import { useStopKey } from '../panels/use-stop-key';
import { ThemeToggle } from '../ui/theme-toggle';
import { HiveMark } from './hive-mark';
import { Navigation } from './navigation';

export interface FrameProps {
  /** Beside the name, such as the navigation. */
  ways?: ReactNode;
  /** At the right of the head. */
  aside?: ReactNode;
  children: ReactNode;
}

/** The head of every page, and the place for the page. */
export function Frame({ ways, aside, children }: FrameProps) {
  return (
    <>
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:rounded-lg focus:bg-surface focus:px-4 focus:py-2 focus:text-sm"
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-20 border-b border-line bg-page/90 backdrop-blur">
        <div className="mx-auto flex min-h-14 max-w-[1440px] flex-wrap items-center gap-x-4 px-4 sm:px-6">
          <Link href="/" aria-label="Hive" className="flex h-14 items-center gap-2.5 rounded-lg">
            <HiveMark className="size-7 shrink-0" />
            <span className="text-base font-semibold tracking-tight">Hive</span>
          </Link>
          {ways === undefined ? null : (
            // A row of its own on a narrow screen.
            <div className="order-last flex w-full items-center justify-between gap-4 pb-2 sm:order-none sm:w-auto sm:pb-0">
              {ways}
            </div>
          )}
          <div className="ml-auto flex items-center gap-2">
            {aside}
            <ThemeToggle />
          </div>
        </div>
      </header>
      <main id="page" tabIndex={-1} className="mx-auto max-w-[1440px] px-4 py-4 outline-none sm:px-6">
        {children}
      </main>
    </>
  );
}

/** The frame with the one feed of all pages, which stays open from page to page. */
export function LiveFrame({ children, ...options }: FeedOptions & { children: ReactNode }) {
  return (
    <FeedProvider {...options}>
      <Guarded apiUrl={options.apiUrl} hasToken={options.token !== undefined}>
        {children}
      </Guarded>
    </FeedProvider>
  );
}

function Guarded({ children, ...gate }: { apiUrl: string; hasToken: boolean; children: ReactNode }) {
  const refusal = useLive((view) => view.refusal);
  useAlerts();
  useStopKey();
  if (refusal !== null) {
    return (
      <Frame>
        <Gate refusal={refusal} {...gate} />
      </Frame>
    );
  }
  return (
    <Frame
      ways={
        <>
          <Navigation />
          <RunningSession />
        </>
      }
      aside={<ConnectionIndicator />}
    >
      {children}
    </Frame>
  );
}
