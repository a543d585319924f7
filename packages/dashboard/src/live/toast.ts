import type { ExternalToast, toast as shownToast } from 'sonner';

type Kind = 'success' | 'info' | 'warning' | 'error';
type Show = Pick<typeof shownToast, Kind>;

/** What was told before the toasts could show it. */
let waiting: ((show: Show) => void)[] = [];
let shown: Show | null = null;
const listeners = new Set<() => void>();

function tell(kind: Kind, text: string, more?: ExternalToast): void {
  if (shown !== null) return void shown[kind](text, more);
  waiting = [...waiting, (show) => show[kind](text, more)];
  for (const listener of listeners) listener();
}

/** Tells something in a corner of the page for a moment. What draws it is loaded when it is first needed. */
export const toast = {
  success: (text: string, more?: ExternalToast): void => tell('success', text, more),
  info: (text: string, more?: ExternalToast): void => tell('info', text, more),
  warning: (text: string, more?: ExternalToast): void => tell('warning', text, more),
  error: (text: string, more?: ExternalToast): void => tell('error', text, more),
};

/** Whether anything was told yet, for `useSyncExternalStore`. */
export const told = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  has: (): boolean => shown !== null || waiting.length > 0,
};

/** From now on everything is shown by this, and first what waits. */
export function showBy(show: Show): void {
  shown = show;
  for (const one of waiting) one(show);
  waiting = [];
}
