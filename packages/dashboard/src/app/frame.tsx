'use client';

import type { Me } from '@hive/contract';
import type { ReactNode } from 'react';
import { FeedProvider, useLive } from '../live/feed-provider';
import type { FeedOptions } from '../live/feed';
import { MeProvider } from '../live/me';
import { useFreshAnswers } from '../live/use-api';
import { useVisits } from '../live/use-last-visit';
import { Gate } from '../panels/gate';
import { Rail } from '../panels/shell/rail';
import { StaleBanner, useStale } from '../panels/shell/stale-banner';
import { TopBar } from '../panels/shell/top-bar';
import { useRunningTitle } from '../panels/shell/use-running-title';
import { useAlerts } from '../panels/use-alerts';
import { useStopKey } from '../panels/use-stop-key';
import { ThemeToggle } from '../ui/theme-toggle';
import { HiveMark } from './hive-mark';

/** A page alone, as long as there is nothing to go to. */
export function BareFrame({ children }: { children: ReactNode }) {
  return (
    <>
      <header className="flex h-14 items-center justify-between border-b border-line px-4 sm:px-6">
        <HiveMark className="size-7 shrink-0" />
        <ThemeToggle />
      </header>
      <main id="page" tabIndex={-1} className="px-4 py-4 outline-none sm:px-6">
        {children}
      </main>
    </>
  );
}

/** The frame with the one feed of all pages, which stays open from page to page. */
export function LiveFrame({ children, me, ...options }: FeedOptions & { me: Me; children: ReactNode }) {
  return (
    <FeedProvider {...options}>
      <MeProvider me={me}>
        <Guarded apiUrl={options.apiUrl} browserApiUrl={options.apiUrl} hasToken={options.hasToken}>
          {children}
        </Guarded>
      </MeProvider>
    </FeedProvider>
  );
}

function Guarded({
  children,
  ...gate
}: {
  apiUrl: string;
  browserApiUrl: string;
  hasToken: boolean;
  children: ReactNode;
}) {
  const refusal = useLive((view) => view.refusal);
  const isStale = useStale();
  useAlerts();
  useStopKey();
  useFreshAnswers();
  useVisits();
  useRunningTitle();
  if (refusal !== null) {
    return (
      <BareFrame>
        <Gate refusal={refusal} {...gate} />
      </BareFrame>
    );
  }
  return (
    <>
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:absolute focus:z-40 focus:rounded-lg focus:bg-surface focus:px-4 focus:py-2 focus:text-sm"
      >
        Skip to the page
      </a>
      <Rail mark={<HiveMark className="size-7 shrink-0" />} />
      <div className="pb-16 sm:pb-0 sm:pl-16 xl:pl-52">
        <StaleBanner />
        <TopBar mark={<HiveMark className="size-7 shrink-0" />} />
        <main id="page" tabIndex={-1} className="px-4 py-4 outline-none sm:px-6">
          {/* What is old looks old, and nothing on it can be pressed. */}
          <fieldset disabled={isStale} className={`contents ${isStale ? '*:opacity-60' : ''}`}>
            {children}
          </fieldset>
        </main>
      </div>
    </>
  );
}
