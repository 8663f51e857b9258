import type { Database } from '../database/open-database.ts';
import type { ApiKeyRow, ApiKeyStore } from '../ports/access-stores.ts';
import { tellChange } from './tell-change.ts';

const ms = (column: string) => `floor(extract(epoch FROM ${column}) * 1000)::bigint`;
const columns = `id, name, hash, series_prefix AS "seriesPrefix", created_by AS "createdBy",
  ${ms('created_at')} AS "createdAtMs", ${ms('expires_at')} AS "expiresAtMs", ${ms('revoked_at')} AS "revokedAtMs",
  ${ms('used_at')} AS "usedAtMs", successor`;
const isGood = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

/** Keys of producers on PostgreSQL. */
export function postgresApiKeyStore(db: Database): ApiKeyStore {
  return {
    create: async ({ id, name, hash, seriesPrefix, createdBy, expiresAtMs }) => {
      const [row] = await db.query<ApiKeyRow>(
        `INSERT INTO api_key (id, name, hash, series_prefix, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, to_timestamp($6::double precision / 1000)) RETURNING ${columns}`,
        [id, name, hash, seriesPrefix, createdBy, expiresAtMs],
      );
      if (row === undefined) throw new Error('an inserted key did not come back');
      return row;
    },
    list: () =>
      db.query<ApiKeyRow>(`SELECT ${columns} FROM api_key ORDER BY created_at DESC, id LIMIT 10000`),
    get: async (id) => {
      const [row] = await db.query<ApiKeyRow>(`SELECT ${columns} FROM api_key WHERE id = $1`, [id]);
      return row ?? null;
    },
    revoke: (id) =>
      db.transaction(async (queries) => {
        const rows = await queries.query(
          'UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id',
          [id],
        );
        if (rows.length > 0) await tellChange(queries, { topic: 'key', id });
        return rows.length > 0;
      }),
    rotate: (oldId, { id, hash, createdBy }, { overlapMs, expiresAtMs }) =>
      db.transaction(async (queries) => {
        const [row] = await queries.query<ApiKeyRow>(
          `INSERT INTO api_key (id, name, hash, series_prefix, created_by, expires_at)
           SELECT $2, name, $3, series_prefix, $4, to_timestamp($5::double precision / 1000)
             FROM (SELECT * FROM api_key WHERE id = $1 AND successor IS NULL AND ${isGood} FOR UPDATE) AS old
           RETURNING ${columns}`,
          [oldId, id, hash, createdBy, expiresAtMs],
        );
        if (row === undefined) return null;
        await queries.query(
          `UPDATE api_key SET successor = $2,
                  expires_at = least(coalesce(expires_at, 'infinity'), now() + $3 * interval '1 ms')
            WHERE id = $1`,
          [oldId, id, overlapMs],
        );
        await tellChange(queries, { topic: 'key', id: oldId });
        return row;
      }),
    used: async (id) => {
      await db.query(
        `UPDATE api_key SET used_at = now()
          WHERE id = $1 AND (used_at IS NULL OR used_at < now() - interval '1 hour')`,
        [id],
      );
    },
  };
}
