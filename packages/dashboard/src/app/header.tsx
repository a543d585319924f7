import type { ReactNode } from 'react';
import { HiveMark } from './hive-mark';
import { ThemeToggle } from '../ui/theme-toggle';

/** The head of every page. */
export function Header({ children }: { children?: ReactNode }) {
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-page/90 backdrop-blur">
      <div className="mx-auto flex h-14 max-w-[1440px] items-center gap-3 px-4 sm:px-6">
        <HiveMark className="size-7 shrink-0" />
        <h1 className="text-base font-semibold tracking-tight">Hive</h1>
        <span className="hidden text-sm text-ink-soft md:inline">What a service can take, and where it breaks</span>
        <div className="ml-auto flex items-center gap-2">
          {children}
          <ThemeToggle />
        </div>
      </div>
    </header>
  );
}
