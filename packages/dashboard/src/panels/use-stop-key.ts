import { useEffect } from 'react';
import { useMay } from '../live/me';
import { useActions } from './use-actions';

/** Shift and Escape, anywhere: stops everything that sends load. */
export function useStopKey(): void {
  const { stopAll } = useActions();
  const mayRun = useMay('run');
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (!mayRun || event.key !== 'Escape' || !event.shiftKey || event.repeat) return;
      event.preventDefault();
      stopAll();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  });
}
