'use client';

import { useCallback, useState, type RefCallback } from 'react';

/** How wide an element is, px, from when it is on the page; `otherwise` until then and until the page has woken up. */
export function useWidth<Element extends HTMLElement>(otherwise: number): [RefCallback<Element>, number] {
  const [width, setWidth] = useState(otherwise);
  const watch = useCallback((element: Element | null) => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setWidth(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [watch, width];
}
