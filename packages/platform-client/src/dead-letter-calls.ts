import {
  DeadLetterDetail,
  DeadLettersPage,
  type DeadLettersQuery,
  Dropped,
  type DropRequest,
  Replayed,
  type ReplayRequest,
} from '@verdict/contracts';
import type { z } from 'zod';
import type { Call } from './platform-call.ts';
import { queryString } from './query-string.ts';

/** What was acknowledged and could not be used (role admin). */
export interface DeadLetterCalls {
  /** Newest first. */
  deadLetters(query?: Partial<DeadLettersQuery>): Promise<DeadLettersPage>;
  /** With what it holds. */
  deadLetter(id: number): Promise<DeadLetterDetail>;
  /** Sends some, or all that wait, to their hub once more; of many a part at a time, see `next`. */
  replayDeadLetters(request: ReplayRequest): Promise<Replayed>;
  /** Forgets them; gives how many there were. */
  dropDeadLetters(request: DropRequest): Promise<number>;
}

/** The calls, by whatever sends and understands them. */
export function deadLetterCalls(ask: <T>(schema: z.ZodType<T>, call: Call) => Promise<T>): DeadLetterCalls {
  const post = (path: string, body: object): Call => ({ method: 'POST', path, body: JSON.stringify(body) });
  return {
    deadLetters: (query = {}) =>
      ask(DeadLettersPage, { method: 'GET', path: `/dead-letters${queryString(query)}` }),
    deadLetter: (id) => ask(DeadLetterDetail, { method: 'GET', path: `/dead-letters/${id}` }),
    // Repeating it after a lost answer is harmless.
    replayDeadLetters: (request) => ask(Replayed, post('/dead-letters/replays', request)),
    dropDeadLetters: async (request) => (await ask(Dropped, post('/dead-letters/drops', request))).dropped,
  };
}
