import type { Permission } from '@hive/contract';
import {
  CalendarClock,
  FlaskConical,
  Gauge,
  GitCompareArrows,
  History,
  ListChecks,
  Network,
  Settings,
  Siren,
  type LucideIcon,
} from 'lucide-react';

export interface PageEntry {
  href: string;
  name: string;
  Icon: LucideIcon;
  /** On a telephone it has no tab, and stands under More. */
  isMinor?: boolean;
  /** Who may not do this has nothing to do there. */
  needs?: Permission;
}

/** The pages that the rail, the tabs and the palette lead to, in this order. */
export const PAGES: readonly PageEntry[] = [
  { href: '/', name: 'Overview', Icon: Gauge },
  { href: '/sessions', name: 'Sessions', Icon: History },
  { href: '/runs', name: 'Runs', Icon: ListChecks },
  { href: '/runs/new', name: 'New run', Icon: FlaskConical, isMinor: true, needs: 'run' },
  { href: '/compare', name: 'Compare', Icon: GitCompareArrows, isMinor: true },
  { href: '/incidents', name: 'Incidents', Icon: Siren },
  { href: '/schedules', name: 'Schedules', Icon: CalendarClock, isMinor: true },
  { href: '/fleet', name: 'Load generators', Icon: Network, isMinor: true },
  { href: '/settings', name: 'Settings', Icon: Settings, isMinor: true },
];

/** The page that a path is, or is below; the most exact one. A target belongs to the overview. */
export function pageOf(path: string): string | undefined {
  if (path.startsWith('/targets/')) return '/';
  return PAGES.map(({ href }) => href)
    .filter((href) => path === href || (href !== '/' && path.startsWith(`${href}/`)))
    .toSorted((one, other) => other.length - one.length)[0];
}
