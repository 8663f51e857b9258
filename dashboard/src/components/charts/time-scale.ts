import { formatTick, timeTicks } from '../../lib/time-text.ts';

/** Room for the numbers left of every chart, so that stacked charts share their time axis to the pixel. */
export const valueAxisWidth = 64;
export const plotMargin = { top: 6, right: 20, bottom: 0, left: 0 };

/** Props of a time axis over `bounds`; about one label per 90 px. */
export function timeAxisProps(bounds: { fromMs: number; toMs: number }, widthPx: number) {
  const offsetMs = -new Date(bounds.toMs).getTimezoneOffset() * 60_000;
  const ticks = timeTicks(bounds, Math.max(2, Math.floor((widthPx - valueAxisWidth) / 90)), offsetMs);
  const stepMs = (ticks[1] ?? bounds.toMs) - (ticks[0] ?? bounds.fromMs);
  return {
    dataKey: 'timeMs',
    type: 'number' as const,
    domain: [bounds.fromMs, bounds.toMs] as [number, number],
    allowDataOverflow: true,
    ticks,
    tickFormatter: (timeMs: number) => formatTick(timeMs, stepMs),
    interval: 0 as const,
    tickLine: false,
    axisLine: { stroke: 'var(--line-strong)' },
    height: 22,
  };
}

/** The instant at a place `x` px from the left of a chart that is `widthPx` wide, to the second on long axes. */
export function timeAtX(x: number, bounds: { fromMs: number; toMs: number }, widthPx: number): number {
  const left = plotMargin.left + valueAxisWidth;
  const share = (x - left) / Math.max(1, widthPx - left - plotMargin.right);
  const span = bounds.toMs - bounds.fromMs;
  const timeMs = bounds.fromMs + Math.min(1, Math.max(0, share)) * span;
  return span >= 60_000 ? Math.round(timeMs / 1000) * 1000 : Math.round(timeMs);
}
