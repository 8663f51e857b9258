import { useState } from 'react';
import type { TimeBounds } from './chart-marks.ts';

/** What a chart tells about the pointer. */
interface PointerState {
  readonly activeLabel?: string | number;
}

/** Shorter than this is a click, not a selection. */
const shortestMs = 1000;

/** A drag across a chart: what is marked now, and handlers for the chart. `onSelect` is told at its end. */
export function useSelectDrag(onSelect: ((bounds: TimeBounds) => void) | undefined) {
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  if (onSelect === undefined) return { marked: null, handlers: {} };
  const timeOf = (state: PointerState) =>
    state.activeLabel === undefined ? null : Number(state.activeLabel);
  const marked: TimeBounds | null =
    drag === null ? null : { fromMs: Math.min(drag.start, drag.end), toMs: Math.max(drag.start, drag.end) };
  return {
    marked,
    handlers: {
      onMouseDown: (state: PointerState) => {
        const time = timeOf(state);
        if (time !== null) setDrag({ start: time, end: time });
      },
      onMouseMove: (state: PointerState) => {
        const time = timeOf(state);
        if (time !== null) setDrag((known) => (known === null ? null : { ...known, end: time }));
      },
      onMouseUp: () => {
        setDrag(null);
        if (marked !== null && marked.toMs - marked.fromMs >= shortestMs) onSelect(marked);
      },
      onMouseLeave: () => setDrag(null),
    },
  };
}
