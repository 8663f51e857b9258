import { type DeadLetterDetail, DropRequest, ReplayRequest } from '@verdict/contracts';
import type { z } from 'zod';
import { type Answer, accept, problem } from './answer.ts';

/** What a recording gateway knows of dead letters. */
export interface DeadLetterRecord {
  deadLetters: DeadLetterDetail[];
  replays: z.output<typeof ReplayRequest>[];
  drops: DropRequest[];
  /** Letters that one request replays; the rest comes with `next`. */
  replayedAtOnce: number;
  /** Why some are refused, by their id. */
  refusals: Map<number, string>;
}

export function deadLetterRecord(): DeadLetterRecord {
  return { deadLetters: [], replays: [], drops: [], replayedAtOnce: 500, refusals: new Map() };
}

/** Answers what concerns dead letters; null for any other route. */
export function answerDeadLetters(record: DeadLetterRecord, route: string, body: unknown): Answer | null {
  const [method, path = ''] = route.split(' ');
  const [, place, what] = path.split('/');
  if (place !== 'dead-letters') return null;
  const { deadLetters } = record;
  switch (`${method} ${what ?? ''}`) {
    case 'GET ':
      return { status: 200, body: { items: deadLetters, next: null } };
    case 'POST replays':
      return accept(ReplayRequest, body, (request) => replay(record, request));
    case 'POST drops':
      return accept(DropRequest, body, (request) => {
        record.drops.push(request);
        const gone = deadLetters.filter(({ id }) => !('ids' in request) || request.ids.includes(id));
        record.deadLetters = deadLetters.filter((letter) => !gone.includes(letter));
        return { dropped: gone.length };
      });
    default: {
      const letter = deadLetters.find(({ id }) => String(id) === what);
      return letter === undefined
        ? problem(404, `There is no dead letter ${what}.`)
        : { status: 200, body: letter };
    }
  }
}

function replay(record: DeadLetterRecord, request: z.output<typeof ReplayRequest>): object {
  record.replays.push(request);
  const meant = record.deadLetters.filter(({ id }) =>
    'ids' in request ? request.ids.includes(id) : id > request.after,
  );
  const part = meant.slice(0, record.replayedAtOnce);
  const refused = part.flatMap(({ id }) => {
    const message = record.refusals.get(id);
    return message === undefined ? [] : [{ id, message }];
  });
  const next = meant.length > part.length ? (part.at(-1)?.id ?? null) : null;
  return { replayed: part.length - refused.length, refused, next };
}
