import { useState } from 'react';

/** What a chart tells about the pointer. */
interface PointerState {
  readonly activeLabel?: string | number;
}

/** A drag across a chart: what is marked now, and handlers for the chart. Shorter than a second is a click, not a zoom. */
export function useZoomDrag(onZoom: ((bounds: { fromMs: number; toMs: number }) => void) | undefined) {
  const [drag, setDrag] = useState<{ start: number; end: number } | null>(null);
  if (onZoom === undefined) return { marked: null, handlers: {} };
  const timeOf = (state: PointerState) =>
    state.activeLabel === undefined ? null : Number(state.activeLabel);
  return {
    marked:
      drag === null ? null : { fromMs: Math.min(drag.start, drag.end), toMs: Math.max(drag.start, drag.end) },
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
        if (drag !== null && Math.abs(drag.end - drag.start) >= 1000) {
          onZoom({ fromMs: Math.min(drag.start, drag.end), toMs: Math.max(drag.start, drag.end) });
        }
      },
      onMouseLeave: () => setDrag(null),
    },
  };
}
