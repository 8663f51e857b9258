import type { Reading, Replayed, ReplayRequest } from '@verdict/contracts';
import type { Clock } from '@verdict/process';
import type { DeadLetterStore, FullDeadLetter } from '@verdict/storage';
import { type EventSink, EventTooLarge } from '@verdict/streams';
import type { z } from 'zod';
import { checkTimes } from '../readings/check-times.ts';
import type { DataSender } from '../readings/data-sender.ts';
import type { DeadLetterMetrics } from './dead-letter-metrics.ts';
import { letterContent } from './letter-content.ts';

/** What a replay needs. */
export interface ReplayParts {
  readonly deadLetters: Pick<DeadLetterStore, 'read' | 'newest' | 'replayed'>;
  readonly sender: Pick<DataSender, 'send'>;
  readonly feedbackSink: Pick<EventSink, 'sendKeyed'>;
  readonly metrics: DeadLetterMetrics;
  readonly clock: Clock;
  readonly retentionMs: number;
}

/** Letters that are in memory at once: an event has up to a megabyte. */
const lettersAtOnce = 20;
const refusedAtOnce = 100;
/** Then the answer says where to go on. */
const mostMs = 8000;
const mostLetters = 500;

/**
 * Sends the content of dead letters to their hubs once more. Letters are noted as replayed after the hub has them: what
 * dies in between is sent twice, and the second one is a repeated reading, which is dropped. A letter none of whose
 * readings could be scored is refused and stays as it was. Throws `StreamUnavailable`, `DatabaseUnavailable`; what was
 * replayed until then is noted.
 */
export async function replayLetters(
  parts: ReplayParts,
  request: z.output<typeof ReplayRequest>,
  by: string,
): Promise<Replayed> {
  const { deadLetters, clock, metrics } = parts;
  const endMs = clock.monotonicMs() + mostMs;
  const answer: Replayed = { replayed: 0, refused: [], next: null };
  let after = 'after' in request ? request.after : 0;
  for (let seen = 0; seen < mostLetters; ) {
    const letters = await deadLetters.read(request, { after, limit: lettersAtOnce });
    const done: number[] = [];
    for (const letter of letters) {
      const refusal = await replay(parts, letter);
      if (refusal === null) done.push(letter.id);
      else answer.refused.push({ id: letter.id, message: refusal });
    }
    if (done.length > 0) await deadLetters.replayed(done, by);
    metrics.replayed('sent', done.length);
    metrics.replayed('refused', letters.length - done.length);
    answer.replayed += done.length;
    seen += letters.length;
    after = letters.at(-1)?.id ?? after;
    if (letters.length < lettersAtOnce) return answer;
    if (answer.refused.length >= refusedAtOnce || clock.monotonicMs() >= endMs) break;
  }
  return { ...answer, next: after };
}

/** Null when its hub has it once more; else why not. */
async function replay(parts: ReplayParts, letter: FullDeadLetter): Promise<string | null> {
  const content = letterContent(letter);
  if (content.kind === 'unreadable') return content.message;
  if (content.kind === 'answer') {
    await parts.feedbackSink.sendKeyed(content.partitionKey, letter.payload);
    return null;
  }
  const refusal = await whyNot(parts, letter.pool, content.readings);
  if (refusal !== null) return refusal;
  try {
    await parts.sender.send(content.readings);
    return null;
  } catch (error) {
    if (error instanceof EventTooLarge) return error.message;
    throw error;
  }
}

/** Why readings are of no use (any more): none is one that its series' detector would still score. */
async function whyNot(
  { deadLetters, clock, retentionMs }: ReplayParts,
  pool: string,
  readings: readonly Reading[],
): Promise<string | null> {
  const [bad] = checkTimes(readings, clock.nowMs(), retentionMs);
  if (bad !== undefined) return `a time in it is ${bad.error.message}`;
  const newest = await deadLetters.newest(pool, [...new Set(readings.map(({ series }) => series))]);
  const isLate = ({ series, time }: Reading): boolean =>
    time <= (newest.get(series) ?? Number.NEGATIVE_INFINITY);
  return readings.every(isLate)
    ? 'its series have newer readings by now: a series is scored in the order of time'
    : null;
}
