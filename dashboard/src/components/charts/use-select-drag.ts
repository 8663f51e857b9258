import { type PointerEvent, useState } from 'react';
import type { TimeBounds } from './chart-marks.ts';
import { timeAtX } from './time-scale.ts';

/** Shorter than this is a click, not a selection. */
const shortestPx = 4;

/**
 * A drag across a chart: what is marked now, and handlers for the element that the chart fills. `onSelect` is told
 * at its end. The time comes from the place on the axis, not from the nearest reading: a gap can be marked as well.
 */
export function useSelectDrag(chart: {
  bounds: TimeBounds;
  widthPx: number;
  onSelect: ((bounds: TimeBounds) => void) | undefined;
}) {
  const { bounds, widthPx, onSelect } = chart;
  const [drag, setDrag] = useState<{ startX: number; endX: number } | null>(null);
  if (onSelect === undefined) return { marked: null, handlers: {} };
  const xOf = (event: PointerEvent<HTMLElement>) =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const marked: TimeBounds | null =
    drag === null || Math.abs(drag.endX - drag.startX) < shortestPx
      ? null
      : {
          fromMs: timeAtX(Math.min(drag.startX, drag.endX), bounds, widthPx),
          toMs: timeAtX(Math.max(drag.startX, drag.endX), bounds, widthPx),
        };
  return {
    marked,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ startX: xOf(event), endX: xOf(event) });
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (drag !== null) setDrag({ ...drag, endX: xOf(event) });
      },
      onPointerUp: () => {
        setDrag(null);
        if (marked !== null && marked.toMs > marked.fromMs) onSelect(marked);
      },
      // Scrolling with a finger begins as a drag.
      onPointerCancel: () => setDrag(null),
    },
  };
}
