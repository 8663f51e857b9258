import type { Anomaly, SignalContribution } from '@verdict/contracts';
import { formatQuantity, formatRange, unitOfSignal } from './quantity.ts';
import { formatDuration } from './time-text.ts';

/** Shares under this are not worth a word in the sentence. */
const companionShare = 0.1;

/** The value that stands out and what was expected, `4.1 s, expected 0.2–0.4 s`. */
export function headlineOf(contribution: SignalContribution | undefined): string {
  if (contribution === undefined) return 'no signal named';
  const unit = unitOfSignal(contribution.signal);
  const value = contribution.value === null ? 'no value' : formatQuantity(contribution.value, unit);
  const expected = expectedText(contribution, '–');
  return expected === null ? value : `${value}, expected ${expected}`;
}

/** The expected range in words, or null when the model cannot say. */
export function expectedText(contribution: SignalContribution, joint = ' to '): string | null {
  const { expected, band } = contribution;
  if (expected === null) return null;
  const unit = unitOfSignal(contribution.signal);
  if (band === null || band === 0) return `about ${formatQuantity(expected, unit, 2)}`;
  return formatRange(
    { low: expected - band, high: expected + band, beside: contribution.value },
    unit,
    joint,
  );
}

/** How a signal left its expected range. */
export function directionOf(contribution: SignalContribution): 'above' | 'below' | 'inside' | 'unknown' {
  const { value, expected, band } = contribution;
  if (value === null || expected === null) return 'unknown';
  if (value > expected + (band ?? 0)) return 'above';
  return value < expected - (band ?? 0) ? 'below' : 'inside';
}

/** How long an anomaly lasted so far; one that is still open lasts until its newest anomalous reading. */
export function lastedMs(anomaly: Pick<Anomaly, 'start' | 'end'>): number {
  return Math.max(0, Date.parse(anomaly.end) - Date.parse(anomaly.start));
}

/** How long an anomaly lasted, for a list: `1 reading` or `6 min`. */
export function lastedText(anomaly: Pick<Anomaly, 'start' | 'end'>): string {
  const lasted = lastedMs(anomaly);
  return lasted === 0 ? '1 reading' : formatDuration(lasted);
}

/** The parts of the sentence, so that a page can set names apart. */
export interface AnomalySentence {
  readonly series: string;
  readonly signal: string | null;
  /** What follows the names: `was 4.1 s, expected 0.2 to 0.4 s, for 6 min`. */
  readonly rest: string;
  /** `errors rose with it`, or null. */
  readonly companions: string | null;
}

function companionText(contributions: readonly SignalContribution[]): string | null {
  const companions = contributions.filter((item) => item.share >= companionShare).slice(0, 2);
  if (companions.length === 0) return null;
  const verbs = companions.map((item) => {
    const direction = directionOf(item);
    return direction === 'above' ? 'rose' : direction === 'below' ? 'fell' : 'was odd';
  });
  const [first, second] = companions;
  if (first === undefined) return null;
  if (second === undefined) return `${first.signal} ${verbs[0]} with it`;
  if (verbs[0] === verbs[1]) {
    return `${first.signal} and ${second.signal} ${verbs[0] === 'was odd' ? 'were odd' : verbs[0]} with it`;
  }
  return `${first.signal} ${verbs[0]} and ${second.signal} ${verbs[1]} with it`;
}

/** Says in one sentence what was odd, against what, and for how long. */
export function sentenceOf(
  anomaly: Pick<Anomaly, 'series' | 'signals' | 'start' | 'end' | 'state'>,
): AnomalySentence {
  const [main, ...others] = anomaly.signals;
  const lasted = lastedMs(anomaly);
  const time =
    lasted === 0
      ? 'for one reading'
      : anomaly.state === 'open'
        ? `for ${formatDuration(lasted)} so far`
        : `for ${formatDuration(lasted)}`;
  if (main === undefined) {
    return { series: anomaly.series, signal: null, rest: `was unlike normal ${time}`, companions: null };
  }
  const unit = unitOfSignal(main.signal);
  const expected = expectedText(main);
  let rest: string;
  if (main.value === null)
    rest = expected === null ? `had no value, ${time}` : `had no value, expected ${expected}, ${time}`;
  else if (main.value === main.expected) {
    // Readings differ from what is expected by some noise, except where a signal repeats itself to the last bit.
    rest = `stood still at ${formatQuantity(main.value, unit)}, ${time}`;
  } else if (expected === null) rest = `was ${formatQuantity(main.value, unit)}, ${time}`;
  else if (directionOf(main) === 'inside') {
    rest = `moved unusually (${formatQuantity(main.value, unit)} at the peak, within ${expected}), ${time}`;
  } else rest = `was ${formatQuantity(main.value, unit)}, expected ${expected}, ${time}`;
  return { series: anomaly.series, signal: main.signal, rest, companions: companionText(others) };
}
