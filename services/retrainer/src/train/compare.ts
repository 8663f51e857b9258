import type { ComparedSeries, Comparison } from '@verdict/contracts';
import type { EvaluationEvidence, JudgedEvent, ShownSeries } from '@verdict/training';

/** Points that a chart of one series has at most. */
const mostPoints = 600;
/** Points that are kept of one stretch: the extremes of the value and of both scores. */
const perStretch = 4;

/** Candidate and champion side by side, for people to look at. */
export function comparisonOf({ candidate, champion, shown, events }: EvaluationEvidence): Comparison {
  return {
    champion: champion.version,
    candidate: candidate.version,
    series: shown.map((one) =>
      comparedSeries(
        one,
        events.filter(({ series }) => series === one.series),
      ),
    ),
  };
}

function comparedSeries(shown: ShownSeries, events: readonly JudgedEvent[]): ComparedSeries {
  const rows = telling(shown);
  const pick = (numbers: Float32Array | Float64Array) => rows.map((row) => numbers[row] ?? Number.NaN);
  const { series, signal } = shown;
  return {
    series,
    signal,
    times: pick(shown.times),
    value: pick(shown.values).map((value) => (Number.isNaN(value) ? null : value)),
    champion: pick(shown.champion),
    candidate: pick(shown.candidate),
    judged: events.map(({ fromMs, toMs, kind, championAlarms, candidateAlarms }) => ({
      fromMs,
      toMs,
      kind,
      championAlarms,
      candidateAlarms,
    })),
  };
}

/** Rows to show: all of them, or of each stretch those with the lowest and highest value and the highest scores. */
function telling({ times, values, champion, candidate }: ShownSeries): number[] {
  const rows = Array.from(times.keys());
  if (rows.length <= mostPoints) return rows;
  const stretches = mostPoints / perStretch;
  const kept = new Set<number>();
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const from = Math.floor((rows.length * stretch) / stretches);
    const to = Math.floor((rows.length * (stretch + 1)) / stretches);
    kept.add(extreme(values, from, to, -1));
    for (const numbers of [values, champion, candidate]) kept.add(extreme(numbers, from, to, 1));
  }
  return [...kept].sort((a, b) => a - b);
}

/** Row of the largest number, times `sign`; the first row where there is none. */
function extreme(numbers: Float32Array, from: number, to: number, sign: 1 | -1): number {
  let best = from;
  let most = Number.NEGATIVE_INFINITY;
  for (let row = from; row < to; row += 1) {
    const value = sign * (numbers[row] ?? Number.NaN);
    if (value > most) [best, most] = [row, value];
  }
  return best;
}
