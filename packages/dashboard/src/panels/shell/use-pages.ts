'use client';

import { useMe } from '../../live/me';
import { PAGES, type PageEntry } from './pages';

/** The pages on which who looks at them can do something. */
export function usePages(): readonly PageEntry[] {
  const { permissions } = useMe();
  return PAGES.filter(({ needs }) => needs === undefined || permissions.includes(needs));
}
