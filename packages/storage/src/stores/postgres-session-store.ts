import type { Database } from '../database/open-database.ts';
import type { SessionRow, SessionStore } from '../ports/access-stores.ts';
import { tellChange } from './tell-change.ts';

/** Log-ins on PostgreSQL; all times are the database's clock. */
export function postgresSessionStore(db: Database): SessionStore {
  return {
    create: async ({ id, familyHash, username, roles, secretHash, idleMs, lifeMs }) => {
      await db.query(
        `INSERT INTO session (id, family, username, roles, secret, idle_until, ends_at)
         VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 ms', now() + $7 * interval '1 ms')`,
        [id, familyHash, username, roles === null ? null : [...roles], secretHash, idleMs, lifeMs],
      );
    },
    find: async (familyHash) => {
      const [row] = await db.query<SessionRow>(
        `SELECT id, username, roles, secret AS "secretHash", previous AS "previousHash", salt,
                floor(extract(epoch FROM now() - rotated_at) * 1000)::bigint AS "rotatedAgoMs",
                CASE WHEN ended_at IS NOT NULL THEN 0
                     ELSE ceil(extract(epoch FROM least(idle_until, ends_at) - now()) * 1000)::bigint
                END AS "leftMs"
           FROM session WHERE family = $1`,
        [familyHash],
      );
      return row ?? null;
    },
    rotate: async ({ id, from, to, salt, idleMs }) => {
      const rows = await db.query(
        `UPDATE session
            SET previous = secret, secret = $3, salt = $4, rotated_at = now(),
                idle_until = now() + $5 * interval '1 ms'
          WHERE id = $1 AND secret = $2 AND ended_at IS NULL AND least(idle_until, ends_at) > now()
        RETURNING id`,
        [id, from, to, salt, idleMs],
      );
      return rows.length > 0;
    },
    end: (which, why) =>
      db.transaction(async (queries) => {
        const [column, value] = 'id' in which ? ['id', which.id] : ['username', which.username];
        // Without the salt nobody can derive the newest token from the one before.
        const ended = await queries.query<{ id: string }>(
          `UPDATE session SET ended_at = now(), ended_why = $2, salt = NULL
            WHERE ${column} = $1 AND ended_at IS NULL RETURNING id`,
          [value, why],
        );
        for (const { id } of ended) await tellChange(queries, { topic: 'session', id });
        return ended.map(({ id }) => id);
      }),
    endedWithin: async (withinMs) => {
      const rows = await db.query<{ id: string }>(
        `SELECT id FROM session WHERE ended_at > now() - $1 * interval '1 ms'`,
        [withinMs],
      );
      return rows.map(({ id }) => id);
    },
    dropOld: async (afterMs) => {
      await db.query(
        `DELETE FROM session WHERE coalesce(ended_at, least(idle_until, ends_at)) < now() - $1 * interval '1 ms'`,
        [afterMs],
      );
    },
  };
}
