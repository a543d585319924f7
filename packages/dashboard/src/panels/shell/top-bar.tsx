'use client';

import { Search } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useCallback, useState, type ReactNode } from 'react';
import { ConnectionIndicator } from '../connection-indicator';
import { AccountMenu } from './account-menu';
import { RunningChip } from './running-chip';
import { useShellKeys } from './shell-keys';

const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false });
const ShortcutsDialog = dynamic(() => import('./shortcuts-dialog').then((module) => module.ShortcutsDialog), {
  ssr: false,
});

/** What stands over every page: Ctrl-K, the running session with Stop, and whether the page is live. */
export function TopBar({ mark }: { mark: ReactNode }) {
  const router = useRouter();
  const [shown, setShown] = useState<'palette' | 'keys' | null>(null);
  const onPalette = useCallback(() => setShown((now) => (now === 'palette' ? null : 'palette')), []);
  const onHelp = useCallback(() => setShown('keys'), []);
  const go = useCallback((href: string) => router.push(href), [router]);
  useShellKeys({ onPalette, onHelp, go });
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-page/90 backdrop-blur">
      <div className="flex h-14 items-center gap-2 px-4 sm:gap-3 sm:px-6">
        <span className="sm:hidden">{mark}</span>
        <button
          type="button"
          onClick={onPalette}
          aria-label="Go to a page or a target, or act (Ctrl K)"
          className="inline-flex h-9 items-center gap-2 rounded-lg border border-line bg-surface px-2.5 text-sm text-ink-soft hover:bg-sunken md:w-64"
        >
          <Search aria-hidden="true" className="size-4 shrink-0" />
          <span className="hidden md:inline">Go to…</span>
          <kbd className="ml-auto hidden rounded border border-line px-1.5 font-mono text-xs md:inline">Ctrl K</kbd>
        </button>
        <div className="ml-auto flex min-w-0 items-center gap-2">
          <RunningChip />
          <ConnectionIndicator />
          <AccountMenu />
        </div>
      </div>
      {shown === 'palette' ? <Palette open onOpenChange={(open) => setShown(open ? 'palette' : null)} /> : null}
      {shown === 'keys' ? <ShortcutsDialog open onOpenChange={(open) => setShown(open ? 'keys' : null)} /> : null}
    </header>
  );
}
