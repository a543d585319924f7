'use client';

import dynamic from 'next/dynamic';
import { useSyncExternalStore } from 'react';
import { told } from '../live/toast';

const Toaster = dynamic(() => import('./toaster').then((module) => module.ThemedToaster), { ssr: false });

/** Where toasts are shown: nothing, until there is one. */
export function Toasts() {
  const wanted = useSyncExternalStore(told.subscribe, told.has, () => false);
  return wanted ? <Toaster /> : null;
}
