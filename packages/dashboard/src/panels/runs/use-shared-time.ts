import type { Heatmap, Window } from '@hive/contract';
import { useRef, useState } from 'react';

/** The cursor and the shown part of the time that all charts of a run share. The map counts ms since the run began, the lines s of wall time. */
export interface SharedTime {
  ofMap: {
    range: readonly [number, number];
    at: number | null;
    onHover: (ms: number | null) => void;
    onZoom: (range: [number, number] | null) => void;
  };
  ofLines: {
    range: readonly [number, number];
    /** Where the cursor stands while the pointer is on the map. */
    cursorAt: number | null | undefined;
    onZoom: (range: [number, number] | null) => void;
  };
  /** The pointer stands at a time of a line chart, s, or left it. */
  onLine: (seconds: number | null) => void;
}

/** Keeps where the pointer of one chart is, and the part that was chosen on one, for all of them. */
export function useSharedTime(windows: readonly Window[], { columns }: Heatmap): SharedTime {
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const [isOnMap, setOnMap] = useState(false);
  // What the lines tell while the pointer is on the map is what the map told them.
  const onMap = useRef(false);
  const [first] = windows;
  const began = first === undefined ? 0 : Date.parse(first.at) - first.toMs;
  const seconds = (ms: number): number => (began + ms) / 1_000;
  const millis = (second: number): number => second * 1_000 - began;
  const range = zoom ?? [columns[0]?.fromMs ?? 0, columns.at(-1)?.toMs ?? 1];
  return {
    ofMap: {
      range,
      at,
      onHover: (ms) => {
        onMap.current = ms !== null;
        setOnMap(true);
        setAt(ms);
      },
      onZoom: setZoom,
    },
    ofLines: {
      range: [seconds(range[0]), seconds(range[1])],
      cursorAt: isOnMap ? (at === null ? null : seconds(at)) : undefined,
      onZoom: (chosen) => setZoom(chosen === null ? null : [millis(chosen[0]), millis(chosen[1])]),
    },
    onLine: (second) => {
      if (onMap.current) return;
      setOnMap(false);
      setAt(second === null ? null : millis(second));
    },
  };
}
