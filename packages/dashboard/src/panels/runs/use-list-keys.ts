import { useEffect, type RefObject } from 'react';

const FIELDS = 'input:not([type="checkbox"]), select, textarea, [contenteditable]';

/** `/` goes to the search, j and k through the rows, x chooses the row that has the focus. Not while somebody writes. */
export function useListKeys(within: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const list = within.current;
      const at = event.target instanceof Element ? event.target : null;
      if (list === null || event.ctrlKey || event.metaKey || event.altKey || at?.closest(FIELDS)) return;
      if (event.key === '/') list.querySelector<HTMLElement>('[data-search]')?.focus();
      else if (event.key === 'j') step(list, 1);
      else if (event.key === 'k') step(list, -1);
      else if (event.key === 'x') at?.closest('[data-run]')?.querySelector<HTMLInputElement>('input')?.click();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [within]);
}

function step(list: HTMLElement, by: number): void {
  const rows = [...list.querySelectorAll('[data-run]')];
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = now === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by));
  rows[next]?.querySelector<HTMLElement>('a')?.focus();
}
