import { FeedbackEvent, MissedEvent } from '@verdict/contracts';
import type { ReceivedEvent } from '@verdict/streams';
import { z } from 'zod';

/** What a batch of the feedback hub holds, each kind in the order of the hub. */
export interface ReadVerdicts {
  readonly events: { sequence: number; event: FeedbackEvent }[];
  /** Reports of anomalies that nothing alarmed on. */
  readonly missed: { sequence: number; event: MissedEvent }[];
  /** Events that are neither: kept as dead letters, never dropped. */
  readonly undecodable: { sequence: number; payload: Uint8Array; detail: string }[];
}

/** Decodes the events of a batch. Never throws: what cannot be read is told apart. */
export function readVerdicts(batch: readonly ReceivedEvent[]): ReadVerdicts {
  const read: ReadVerdicts = { events: [], missed: [], undecodable: [] };
  for (const { sequence, body } of batch) {
    const parsed = parse(body);
    if (typeof parsed === 'string') read.undecodable.push({ sequence, payload: body, detail: parsed });
    else if ('kind' in parsed) read.missed.push({ sequence, event: parsed });
    else read.events.push({ sequence, event: parsed });
  }
  return read;
}

/** A report has a kind, a verdict has none. */
const WithKind = z.object({ kind: z.unknown().refine((kind) => kind !== undefined) });
const Report = MissedEvent.refine(({ from, to }) => from <= to, { path: ['to'], message: 'not before from' });

function parse(body: Uint8Array): FeedbackEvent | MissedEvent | string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
  const result = WithKind.safeParse(json).success ? Report.safeParse(json) : FeedbackEvent.safeParse(json);
  if (result.success) return withoutZeros(result.data);
  return result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/** PostgreSQL keeps no text with the character zero in it. */
function withoutZeros<Event extends FeedbackEvent | MissedEvent>(event: Event): Event {
  const clean = (text: string) => text.replaceAll('\0', '');
  const { person, reason, comment } = event;
  return {
    ...event,
    person: clean(person),
    ...(reason !== undefined && { reason: clean(reason) }),
    ...(comment !== undefined && { comment: clean(comment) }),
  };
}
