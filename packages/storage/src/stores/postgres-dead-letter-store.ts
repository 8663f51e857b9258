import type { Database, Queries } from '../database/open-database.ts';
import type {
  DeadLetterChoice,
  DeadLetterRow,
  DeadLetterStore,
  FullDeadLetter,
} from '../ports/dead-letter-store.ts';
import { noteAudit } from './answers/note-audit.ts';

const ms = (time: string) => `floor(extract(epoch FROM ${time}) * 1000)::bigint`;
const columns = `id, pool, partition, sequence, series, time_ms AS "timeMs", reason, detail,
  octet_length(payload) AS bytes, ${ms('noted_at')} AS "notedAtMs", ${ms('replayed_at')} AS "replayedAtMs",
  replayed_by AS "replayedBy"`;

type Like = Parameters<DeadLetterStore['list']>[0];

/** Dead letters on PostgreSQL; times are its clock's. */
export function postgresDeadLetterStore(db: Database): DeadLetterStore {
  return {
    list: (query) => {
      const values: unknown[] = [];
      const where = likeThis(query, values);
      return db.query<DeadLetterRow>(
        `SELECT ${columns} FROM dead_letter WHERE ${where} ORDER BY id DESC LIMIT $${values.push(query.limit)}`,
        values,
      );
    },
    read: (choice, { after, limit }) => {
      const values: unknown[] = [];
      const where = chosen(choice, values, true);
      return db.query<FullDeadLetter>(
        `SELECT ${columns}, payload FROM dead_letter WHERE ${where} AND id > $${values.push(after)}
          ORDER BY id LIMIT $${values.push(limit)}`,
        values,
      );
    },
    newest: async (pool, series) => {
      const rows = await db.query<{ key: string; last_ms: number }>(
        'SELECT key, last_ms FROM series WHERE pool = $1 AND key = ANY($2) AND last_ms IS NOT NULL',
        [pool, series],
      );
      return new Map(rows.map((row) => [row.key, row.last_ms]));
    },
    replayed: (ids, by) =>
      db.transaction(async (queries) => {
        const rows = await queries.query<{ reason: string }>(
          'UPDATE dead_letter SET replayed_at = now(), replayed_by = $2 WHERE id = ANY($1) RETURNING reason',
          [ids, by],
        );
        if (rows.length === 0) return;
        const subject = subjectOf(ids);
        await noteAudit(queries, {
          person: by,
          action: 'dead-letters-replayed',
          subject,
          text: told(rows.length, { ids }),
        });
      }),
    drop: (choice, by) => db.transaction((queries) => drop(queries, choice, by)),
    prune: async ({ mostRows, mostBytes }) => {
      // Bytes are counted from the newest on; what is told of a value's size is read without the value.
      const [gone] = await db.query<{ count: number }>(
        `WITH gone AS (
           DELETE FROM dead_letter WHERE id <= (
             SELECT max(id) FROM (SELECT id, row_number() OVER newest AS place,
                                         sum(octet_length(payload)) OVER newest AS bytes
                                    FROM dead_letter WINDOW newest AS (ORDER BY id DESC)) AS kept
              WHERE place > $1 OR bytes > $2)
           RETURNING 1)
         SELECT count(*) AS count FROM gone`,
        [mostRows, mostBytes],
      );
      return gone?.count ?? 0;
    },
  };
}

async function drop(queries: Queries, choice: DeadLetterChoice, by: string): Promise<number> {
  const values: unknown[] = [];
  const where = chosen(choice, values, false);
  const rows = await queries.query<{ id: number }>(
    `DELETE FROM dead_letter WHERE ${where} RETURNING id`,
    values,
  );
  if (rows.length > 0)
    await noteAudit(queries, {
      person: by,
      action: 'dead-letters-dropped',
      subject: 'ids' in choice ? subjectOf(choice.ids) : 'all',
      text: told(rows.length, choice),
    });
  return rows.length;
}

function subjectOf(ids: readonly number[]): string {
  const shown = ids.slice(0, 5).join(', ');
  return ids.length > 5 ? `${shown} and ${ids.length - 5} more` : shown;
}

function told(count: number, choice: DeadLetterChoice): string {
  const letters = count === 1 ? '1 letter' : `${count} letters`;
  if ('ids' in choice) return letters;
  const { pool, series, reason } = choice.all;
  const like = Object.entries({ pool, series, reason }).filter(([, value]) => value !== undefined);
  return like.length === 0
    ? letters
    : `${letters}, ${like.map(([name, value]) => `${name} ${value}`).join(', ')}`;
}

function chosen(choice: DeadLetterChoice, values: unknown[], isWaiting: boolean): string {
  if ('ids' in choice) return `id = ANY($${values.push(choice.ids)}::bigint[])`;
  return likeThis({ ...choice.all, ...(isWaiting && { state: 'waiting' }) }, values);
}

/** A condition of SQL; what it compares with is added to `values`. */
function likeThis(like: Partial<Like>, values: unknown[]): string {
  const { pool, series, reason, state, before } = like;
  const is = (column: string, value: unknown, how = '=') =>
    value === undefined ? [] : [`${column} ${how} $${values.push(value)}`];
  return [
    'true',
    ...is('pool', pool),
    ...is('series', series),
    ...is('reason', reason),
    ...is('id', before, '<'),
    ...(state === undefined ? [] : [`replayed_at IS ${state === 'waiting' ? '' : 'NOT '}NULL`]),
  ].join(' AND ');
}
