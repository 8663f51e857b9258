import type { ComparedSeries } from '@verdict/contracts';
import { usualStepMs } from '../../lib/chart-points.ts';

/** One moment of a compared series; nulls draw a gap. */
export interface ComparisonRow {
  readonly timeMs: number;
  readonly value: number | null;
  readonly champion: number | null;
  readonly candidate: number | null;
}

/** A pause longer than this many usual steps is a gap, not a straight line. */
const gapSteps = 8;

/** Rows of a compared series, with an empty one in every long pause. */
export function comparisonRows(compared: ComparedSeries): ComparisonRow[] {
  const longestMs = usualStepMs(compared.times) * gapSteps;
  const rows: ComparisonRow[] = [];
  for (const [index, timeMs] of compared.times.entries()) {
    const last = rows.at(-1);
    if (last !== undefined && longestMs > 0 && timeMs - last.timeMs > longestMs)
      rows.push({ timeMs: (last.timeMs + timeMs) / 2, value: null, champion: null, candidate: null });
    rows.push({
      timeMs,
      value: compared.value[index] ?? null,
      champion: compared.champion[index] ?? null,
      candidate: compared.candidate[index] ?? null,
    });
  }
  return rows;
}

/** From the first to the last moment that is shown, judged stretches included. */
export function comparisonBounds({ judged, times }: ComparedSeries): { fromMs: number; toMs: number } {
  const all = [...times, ...judged.flatMap(({ fromMs, toMs }) => [fromMs, toMs])];
  const fromMs = all.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const toMs = all.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  return all.length === 0 ? { fromMs: 0, toMs: 1 } : { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}

/** What the two versions made of the judged stretches of a series, in a sentence. */
export function comparisonText({ judged }: Pick<ComparedSeries, 'judged'>): string {
  const real = judged.filter(({ kind }) => kind !== 'false-alarm');
  const wrong = judged.filter(({ kind }) => kind === 'false-alarm');
  const count = (items: typeof judged, who: 'championAlarms' | 'candidateAlarms') =>
    items.filter((item) => item[who]).length;
  const parts = [
    real.length > 0
      ? `of ${real.length} real events the champion finds ${count(real, 'championAlarms')}, the candidate ${count(real, 'candidateAlarms')}`
      : null,
    wrong.length > 0
      ? `of ${wrong.length} false alarms the champion raises ${count(wrong, 'championAlarms')}, the candidate ${count(wrong, 'candidateAlarms')}`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'nothing was judged here' : parts.join('; ');
}
