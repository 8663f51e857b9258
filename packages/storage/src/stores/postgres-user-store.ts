import type { Database } from '../database/open-database.ts';
import type { UserRow, UserStore } from '../ports/query-stores.ts';

/** Local users on PostgreSQL; locks are timed by the database's clock. */
export function postgresUserStore(db: Database): UserStore {
  return {
    get: async (username) => {
      const [row] = await db.query<UserRow>(
        `SELECT username, password_hash AS "passwordHash", roles, failures,
                floor(extract(epoch FROM locked_until) * 1000)::bigint AS "lockedUntilMs"
           FROM user_account WHERE username = $1`,
        [username],
      );
      return row ?? null;
    },
    put: async ({ username, passwordHash, roles }) => {
      await db.query(
        `INSERT INTO user_account (username, password_hash, roles) VALUES ($1, $2, $3)
         ON CONFLICT (username) DO UPDATE SET password_hash = excluded.password_hash, roles = excluded.roles`,
        [username, passwordHash, [...roles]],
      );
    },
    failed: async (username, limit, lockMs) => {
      // The row begins anew with the lock: when that is over there are `limit` attempts again.
      await db.query(
        `UPDATE user_account
            SET failures = CASE WHEN failures + 1 >= $2 THEN 0 ELSE failures + 1 END,
                locked_until = CASE WHEN failures + 1 >= $2 THEN now() + $3 * interval '1 ms' ELSE locked_until END
          WHERE username = $1`,
        [username, limit, lockMs],
      );
    },
    succeeded: async (username) => {
      await db.query('UPDATE user_account SET failures = 0, locked_until = NULL WHERE username = $1', [
        username,
      ]);
    },
  };
}
