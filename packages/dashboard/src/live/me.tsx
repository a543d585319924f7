'use client';

import type { Me, Permission } from '@hive/contract';
import { createContext, useContext, type ReactNode } from 'react';
import { useApi } from './use-api';

const MeContext = createContext<Me | null>(null);

/** Knows who looks at the pages, and what they may do. `me` is what the server painted with. */
export function MeProvider({ me, children }: { me: Me; children: ReactNode }) {
  const { data = me } = useApi('me', {}, { loaded: me });
  return <MeContext value={data}>{children}</MeContext>;
}

/** Who looks at this page. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('useMe is for what stands within a MeProvider');
  return me;
}

/** What is shown to those alone who may do something. */
export function May({ to, children }: { to: Permission; children: ReactNode }) {
  return useMay(to) ? children : null;
}

/** Whether who looks at this page may do something: what they may not is not offered. */
export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}
