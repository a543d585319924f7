'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { MoreTab } from './more-tab';
import { pageOf } from './pages';
import { usePages } from './use-pages';

/** The ways to the pages: a rail of icons at the left, with names from 1280 px; tabs at the bottom below 640 px. */
export function Rail({ mark }: { mark: ReactNode }) {
  const path = usePathname();
  const page = pageOf(path);
  const pages = usePages();
  return (
    <div className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] sm:inset-y-0 sm:right-auto sm:w-16 sm:border-t-0 sm:border-r sm:pb-0 xl:w-52">
      <Link
        href="/"
        aria-label="Hive"
        className="hidden h-14 items-center gap-2.5 rounded-lg px-4.5 sm:flex xl:px-5 xl:[&>span]:inline"
      >
        {mark}
        <span className="hidden text-base font-semibold tracking-tight">Hive</span>
      </Link>
      <nav aria-label="Pages">
        <ul className="flex justify-around sm:grid sm:justify-stretch sm:gap-1 sm:px-2.5 sm:pt-2 xl:px-3">
          {pages.map(({ href, name, Icon, isMinor }) => {
            const isHere = href === page;
            return (
              <li key={href} className={`min-w-0 flex-1 ${isMinor ? 'hidden sm:block' : ''}`}>
                <Link
                  href={href}
                  title={name}
                  aria-current={path === href ? 'page' : isHere ? 'true' : undefined}
                  className={`flex h-14 flex-col items-center justify-center gap-1 rounded-lg text-[0.6875rem] font-medium hover:bg-sunken sm:h-11 xl:h-10 xl:flex-row xl:justify-start xl:gap-3 xl:px-3 xl:text-sm ${isHere ? 'bg-sunken text-ink' : 'text-ink-soft'}`}
                >
                  <Icon aria-hidden="true" className="size-5 shrink-0 xl:size-4.5" />
                  <span className="truncate sm:sr-only xl:not-sr-only">{name}</span>
                </Link>
              </li>
            );
          })}
          <li className="min-w-0 flex-1 sm:hidden">
            <MoreTab page={page} />
          </li>
        </ul>
      </nav>
    </div>
  );
}
