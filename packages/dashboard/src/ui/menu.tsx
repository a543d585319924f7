'use client';

import { Slot } from 'radix-ui';
import { lazy, Suspense, useState } from 'react';
import type { MenuList as List, MenuProps } from './menu-list';

const load = async (): Promise<{ default: typeof List }> => ({ default: (await import('./menu-list')).MenuList });
const MenuList = lazy(load);

/**
 * A list of actions below a button; arrow keys, Enter and Escape work, and the focus goes back to the button. The list is loaded when the button
 * is about to be pressed.
 */
export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = (
    <Slot.Root
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
      onKeyDown={({ key }) => {
        if (key === 'ArrowDown') setWanted(true);
      }}
    >
      {props.trigger}
    </Slot.Root>
  );
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <MenuList {...props} />
    </Suspense>
  );
}
