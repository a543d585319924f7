'use client';

import { useState, type PointerEvent } from 'react';

/** A drag shorter than this is a click, px. */
const LEAST_DRAG_PX = 5;

interface TimeAreaProps {
  /** The time at its left and right edge, ms. */
  range: readonly [number, number];
  /** Where the cursor stands, ms; null: nowhere. */
  at: number | null;
  onHover: (ms: number | null) => void;
  /** A part was chosen by dragging, ms; null: all of it again, by a double click. */
  onZoom: (range: [number, number] | null) => void;
  /** Where it lies on its picture, px. */
  inset: { left: number; right: number; top: number; bottom: number };
}

/** Lies over a picture whose x axis is time: shows the cursor, and takes hovering and dragging as the line charts do. */
export function TimeArea({ range: [from, to], at, onHover, onZoom, inset }: TimeAreaProps) {
  const [drag, setDrag] = useState<{ begin: number; end: number } | null>(null);
  const shareAt = ({ clientX, currentTarget }: PointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)));
  };
  const timeAt = (share: number): number => from + share * (to - from);
  const cursor = at === null ? null : (at - from) / (to - from);
  const end = ({ currentTarget }: PointerEvent): void => {
    setDrag(null);
    if (drag === null) return;
    const [begin, last] = [Math.min(drag.begin, drag.end), Math.max(drag.begin, drag.end)];
    if ((last - begin) * currentTarget.clientWidth >= LEAST_DRAG_PX) onZoom([timeAt(begin), timeAt(last)]);
  };
  return (
    <div
      className="absolute cursor-crosshair touch-pan-y"
      style={inset}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ begin: shareAt(event), end: shareAt(event) });
      }}
      onPointerMove={(event) => {
        const share = shareAt(event);
        onHover(timeAt(share));
        if (drag !== null) setDrag({ ...drag, end: share });
      }}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
      onPointerLeave={() => onHover(null)}
      onDoubleClick={() => onZoom(null)}
    >
      {cursor === null || cursor < 0 || cursor > 1 ? null : (
        <span data-cursor className="absolute inset-y-0 w-px bg-ink" style={{ left: `${100 * cursor}%` }} />
      )}
      {drag === null ? null : (
        <span
          className="absolute inset-y-0 bg-ink/15"
          style={{
            left: `${100 * Math.min(drag.begin, drag.end)}%`,
            width: `${100 * Math.abs(drag.end - drag.begin)}%`,
          }}
        />
      )}
    </div>
  );
}
