import type { ScoredReadings } from '@verdict/contracts';
import type { HistoryRows } from '@verdict/storage';

/** Rows as JSON tells them: NaN is null. */
export function scoredReadings(series: string, rows: HistoryRows): ScoredReadings {
  return {
    series,
    signals: [...rows.signals],
    times: [...rows.times],
    values: orNull(rows.values),
    expected: orNull(rows.expected),
    band: orNull(rows.band),
    score: [...rows.score],
    flags: [...rows.flags],
  };
}

function orNull(numbers: Float32Array): (number | null)[] {
  return Array.from(numbers, (value) => (Number.isFinite(value) ? value : null));
}
