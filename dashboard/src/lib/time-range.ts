/** Ranges that end now and move with it. */
export const rangePresets = ['15m', '1h', '6h', '24h', '7d'] as const;
export type RangePreset = (typeof rangePresets)[number];

const spanMs: Record<RangePreset, number> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '6h': 21_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
};

/** A range of time: one that ends now and follows it, or a fixed one. */
export type TimeRange =
  | { readonly kind: 'last'; readonly preset: RangePreset }
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number };

/** True for the name of a preset. */
export function isRangePreset(value: unknown): value is RangePreset {
  return rangePresets.some((preset) => preset === value);
}

/** The range that the URL means; one hour where it says nothing. */
export function rangeOf(search: { range?: RangePreset; from?: string; to?: string }): TimeRange {
  if (search.from !== undefined && search.to !== undefined) {
    return { kind: 'fixed', fromMs: Date.parse(search.from), toMs: Date.parse(search.to) };
  }
  return { kind: 'last', preset: search.range ?? '1h' };
}

/** The range as instants. */
export function boundsOf(range: TimeRange, nowMs: number): { fromMs: number; toMs: number } {
  if (range.kind === 'fixed') return { fromMs: range.fromMs, toMs: range.toMs };
  return { fromMs: nowMs - spanMs[range.preset], toMs: nowMs };
}

/** Shortest range worth a chart. */
const shortestMs = 10_000;
const longestMs = 31 * 86_400_000;

/** Widens (factor > 1) or narrows a range around its middle, within 10 s to 31 days, never past now. */
export function zoomed(bounds: { fromMs: number; toMs: number }, factor: number, nowMs: number) {
  const span = bounds.toMs - bounds.fromMs;
  const wanted = Math.min(longestMs, Math.max(shortestMs, span * factor));
  const middle = (bounds.fromMs + bounds.toMs) / 2;
  const toMs = Math.min(nowMs, Math.round(middle + wanted / 2));
  return { fromMs: Math.round(toMs - wanted), toMs };
}

/** Moves a range by a share of its span, never past now. */
export function shifted(bounds: { fromMs: number; toMs: number }, share: number, nowMs: number) {
  const span = bounds.toMs - bounds.fromMs;
  const toMs = Math.min(nowMs, Math.round(bounds.toMs + span * share));
  return { fromMs: toMs - span, toMs };
}

/**
 * What to show around an anomaly: enough before it to see normal, and a little after; one that is open is followed
 * to now.
 */
export function rangeAround(anomaly: { startMs: number; endMs: number; open: boolean }, nowMs: number) {
  const lasted = Math.max(0, anomaly.endMs - anomaly.startMs);
  const before = Math.min(12 * 3_600_000, Math.max(15 * 60_000, lasted * 2));
  const after = Math.max(5 * 60_000, lasted / 2);
  const toMs = anomaly.open ? nowMs : Math.min(nowMs, anomaly.endMs + after);
  return { fromMs: anomaly.startMs - before, toMs: Math.max(toMs, anomaly.endMs) };
}
