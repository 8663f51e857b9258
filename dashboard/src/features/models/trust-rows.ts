import type { TrustPoint } from '@verdict/contracts';

/** One point of the chart of trust. A value holds until the next point. */
export interface TrustRow {
  readonly timeMs: number;
  readonly mean: number;
  /** Ends of the interval. */
  readonly band: [number, number];
  readonly precision: number | null;
  readonly state: TrustPoint['state'];
  readonly version: number;
  readonly judged: number;
}

/** The points within the bounds; what held at their ends is carried there. */
export function trustRows(
  points: readonly TrustPoint[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): TrustRow[] {
  const rows = points
    .map((point): TrustRow => {
      const { mean, low, high, precision, state, version, judged } = point;
      return { timeMs: Date.parse(point.at), mean, band: [low, high], precision, state, version, judged };
    })
    .filter(({ timeMs }) => timeMs <= toMs);
  const before = rows.findLast(({ timeMs }) => timeMs < fromMs);
  const within = rows.filter(({ timeMs }) => timeMs >= fromMs);
  if (before !== undefined) within.unshift({ ...before, timeMs: fromMs });
  const last = within.at(-1);
  if (last !== undefined && last.timeMs < toMs) within.push({ ...last, timeMs: toMs });
  return within;
}

/** Rows at which another version began to serve, without the first one. */
export function versionChanges(rows: readonly TrustRow[]): TrustRow[] {
  return rows.filter((row, index) => index > 0 && row.version !== rows[index - 1]?.version);
}

/** Rows at which the state became another one, the first one too. */
export function stateChanges(rows: readonly TrustRow[]): TrustRow[] {
  return rows.filter((row, index) => index === 0 || row.state !== rows[index - 1]?.state);
}
