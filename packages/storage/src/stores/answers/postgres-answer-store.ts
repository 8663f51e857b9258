import type { Database } from '../../database/open-database.ts';
import type { AnswerStore } from '../../ports/answer-store.ts';
import { admitAnswer, slotOf } from './admit-answer.ts';
import { readAudit } from './read-audit.ts';
import { readFloods, reviewFlood } from './read-floods.ts';

/** How much people answer, and what of it is held back, on PostgreSQL. */
export function postgresAnswerStore(db: Database): AnswerStore {
  return {
    admit: (request) => db.transaction((queries) => admitAnswer(queries, request)),
    release: async (person, atMs) => {
      await db.query(
        'UPDATE answer_pace SET answers = answers - 1 WHERE person = $1 AND slot_ms = $2 AND answers > 0',
        [person, slotOf(atMs)],
      );
    },
    floods: (query) => readFloods(db, query),
    review: (id, review) => db.transaction((queries) => reviewFlood(queries, id, review)),
    audit: (query) => readAudit(db, query),
    dropOldPace: async (beforeMs) => {
      await db.query('DELETE FROM answer_pace WHERE slot_ms < $1', [beforeMs]);
    },
  };
}
