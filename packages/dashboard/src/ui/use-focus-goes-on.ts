'use client';

import { useEffect, useRef, type RefObject } from 'react';

type ButtonRef = RefObject<HTMLButtonElement | null>;

/**
 * For two buttons of which at most one is enabled, such as start and stop: when the one that was pressed is disabled, the focus goes to the
 * other as soon as that is enabled, unless it has gone elsewhere in the meantime. Answers their refs.
 */
export function useFocusGoesOn(): [ButtonRef, ButtonRef] {
  const one = useRef<HTMLButtonElement>(null);
  const two = useRef<HTMLButtonElement>(null);
  const lost = useRef<HTMLButtonElement | null>(null);
  useEffect(() => {
    const focused = document.activeElement;
    for (const button of [one.current, two.current]) if (button?.disabled && button === focused) lost.current = button;
    if (lost.current === null) return;
    const other = lost.current === one.current ? two.current : one.current;
    if (focused !== document.body && focused !== lost.current) lost.current = null;
    else if (other?.disabled === false) {
      lost.current = null;
      other.focus();
    }
  });
  return [one, two];
}
