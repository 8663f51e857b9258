import {
  DeadLetterDetail,
  DeadLettersPage,
  DeadLettersQuery,
  Dropped,
  DropRequest,
  Replayed,
  ReplayRequest,
} from '@verdict/contracts';
import { defineRoute, HttpProblem, type Logger, type Route } from '@verdict/process';
import type { DeadLetterStore } from '@verdict/storage';
import { z } from 'zod';
import { deadLetterDetail, deadLetterView } from './dead-letter-view.ts';
import { type ReplayParts, replayLetters } from './replay-letters.ts';

/** What looking after dead letters needs. */
export interface DeadLetterRouteParts extends ReplayParts {
  readonly deadLetters: DeadLetterStore;
  readonly logger: Logger;
}

const LetterPath = z.strictObject({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) });

/** Listing, reading, replaying and dropping what was acknowledged and could not be used; for admins. */
export function deadLetterRoutes(parts: DeadLetterRouteParts): Route[] {
  const { deadLetters, metrics, logger } = parts;
  return [
    defineRoute({
      method: 'get',
      path: '/dead-letters',
      tag: 'dead letters',
      summary: 'List what was acknowledged and could not be used',
      description: 'Newest first. Kept for as long as history is, and at most 100,000 of them or 256 MiB.',
      roles: ['admin'],
      query: DeadLettersQuery,
      response: DeadLettersPage,
      handler: async ({ query }) => {
        const rows = await deadLetters.list({ ...query, limit: query.limit + 1 });
        const items = rows.slice(0, query.limit).map(deadLetterView);
        const last = items.at(-1);
        return { items, next: rows.length > items.length && last !== undefined ? last.id : null };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/dead-letters/{id}',
      tag: 'dead letters',
      summary: 'One dead letter with what it holds',
      roles: ['admin'],
      params: LetterPath,
      response: DeadLetterDetail,
      problems: { 404: 'There is no such dead letter.' },
      handler: async ({ params: { id } }) => {
        const [letter] = await deadLetters.read({ ids: [id] }, { after: 0, limit: 1 });
        if (letter === undefined) throw new HttpProblem(404, { detail: `There is no dead letter ${id}.` });
        return deadLetterDetail(letter);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/dead-letters/replays',
      tag: 'dead letters',
      summary: 'Send dead letters to their hub once more',
      description:
        'For after the cause is mended. Doing it twice is harmless: what was scored meanwhile is a repeated reading. What could not be scored any more, since its series have newer readings, is refused and stays. Of very many a part is done at a time: ask again with `next` as `after`.',
      roles: ['admin'],
      body: ReplayRequest,
      response: Replayed,
      problems: { 503: 'A hub cannot be reached; see Retry-After. Some may have been replayed.' },
      handler: async ({ body, caller }) => {
        const answer = await replayLetters(parts, body, caller.name);
        const { replayed, refused } = answer;
        if (replayed + refused.length > 0)
          logger.info({ replayed, refused: refused.length, by: caller.name }, 'dead letters were replayed');
        return answer;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/dead-letters/drops',
      tag: 'dead letters',
      summary: 'Forget dead letters',
      roles: ['admin'],
      body: DropRequest,
      response: Dropped,
      handler: async ({ body, caller }) => {
        const dropped = await deadLetters.drop(body, caller.name);
        metrics.dropped('asked', dropped);
        if (dropped > 0) logger.info({ dropped, by: caller.name }, 'dead letters were dropped');
        return { dropped };
      },
    }),
  ];
}
