import { FeedbackEvent } from '@verdict/contracts';
import type { ReceivedEvent } from '@verdict/streams';

/** What a batch of the feedback hub holds. */
export interface ReadVerdicts {
  readonly events: { sequence: number; event: FeedbackEvent }[];
  /** Events that are no verdicts: kept as dead letters, never dropped. */
  readonly undecodable: { sequence: number; payload: Uint8Array; detail: string }[];
}

/** Decodes the events of a batch, in order. Never throws: what cannot be read is told apart. */
export function readVerdicts(batch: readonly ReceivedEvent[]): ReadVerdicts {
  const read: ReadVerdicts = { events: [], undecodable: [] };
  for (const { sequence, body } of batch) {
    const parsed = parse(body);
    if (typeof parsed === 'string') read.undecodable.push({ sequence, payload: body, detail: parsed });
    else read.events.push({ sequence, event: parsed });
  }
  return read;
}

/** PostgreSQL keeps no text with the character zero in it. */
function withoutZeros(event: FeedbackEvent): FeedbackEvent {
  const clean = (text: string) => text.replaceAll('\0', '');
  const { person, reason, comment, ...rest } = event;
  return {
    ...rest,
    person: clean(person),
    ...(reason !== undefined && { reason: clean(reason) }),
    ...(comment !== undefined && { comment: clean(comment) }),
  };
}

function parse(body: Uint8Array): FeedbackEvent | string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
  const result = FeedbackEvent.safeParse(json);
  if (result.success) return withoutZeros(result.data);
  return result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}
