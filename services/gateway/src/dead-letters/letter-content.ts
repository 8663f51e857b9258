import { FeedbackEvent, MissedEvent, type Reading } from '@verdict/contracts';
import type { FullDeadLetter } from '@verdict/storage';
import { decodeReadings, type ReadingBlock, UndecodableEvent } from '@verdict/streams';

/** What a dead letter holds, as far as it can be read now. */
export type LetterContent =
  | { readonly kind: 'readings'; readonly readings: Reading[] }
  /** A verdict, or a report of a missed anomaly. */
  | { readonly kind: 'answer'; readonly partitionKey: string }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Group of those who read the feedback hub, in every namespace. */
const feedbackGroup = /\/feedback$/;

/** Reads a letter. What was unreadable when it was put aside may be readable now: formats grow with releases. */
export function letterContent({ pool, payload }: Pick<FullDeadLetter, 'pool' | 'payload'>): LetterContent {
  try {
    return { kind: 'readings', readings: decodeReadings(payload).flatMap(readingsOf) };
  } catch (error) {
    if (!(error instanceof UndecodableEvent)) throw error;
    const answer = feedbackGroup.test(pool) ? answerIn(payload) : null;
    if (answer !== null) return answer;
    return { kind: 'unreadable', message: `it is in no format that is known here: ${error.message}` };
  }
}

function readingsOf({ series, signals, times, values }: ReadingBlock): Reading[] {
  return Array.from(times, (time, row) => {
    const at = (column: number): number | null => {
      const value = values[row * signals.length + column] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    };
    return {
      series,
      time,
      values: Object.fromEntries(signals.map((signal, column) => [signal, at(column)])),
    };
  });
}

function answerIn(payload: Uint8Array): LetterContent | null {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return null; // no text, or no JSON: it is unreadable, and the caller says so
  }
  const verdict = FeedbackEvent.safeParse(json);
  if (verdict.success) return { kind: 'answer', partitionKey: verdict.data.anomalyId };
  const report = MissedEvent.safeParse(json);
  return report.success ? { kind: 'answer', partitionKey: report.data.series } : null;
}
