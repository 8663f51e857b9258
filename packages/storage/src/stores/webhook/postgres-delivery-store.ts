import type { Database } from '../../database/open-database.ts';
import type { DeliveryRow, DeliveryStore } from '../../ports/webhook-stores.ts';
import { noteAudit } from '../answers/note-audit.ts';

const ms = (time: string) => `floor(extract(epoch FROM ${time}) * 1000)::bigint`;

/** What webhooks were told, on PostgreSQL. */
export function postgresDeliveryStore(db: Database): DeliveryStore {
  return {
    list: (webhook, { state, before, limit }) =>
      db.query<DeliveryRow>(
        `SELECT id, anomaly_id AS "anomalyId", kind, state, attempts, ${ms('created_at')} AS "createdAtMs",
                ${ms('due_at')} AS "dueAtMs", ${ms('ended_at')} AS "endedAtMs", status, message
           FROM webhook_delivery
          WHERE webhook = $1 AND ($2::text IS NULL OR state = $2) AND ($3::bigint IS NULL OR id < $3)
          ORDER BY id DESC LIMIT $4`,
        [webhook, state ?? null, before ?? null, limit],
      ),
    redeliver: (webhook, which, by) =>
      db.transaction(async ({ query }) => {
        const again = `state = 'waiting', attempts = 0, waits_since = now(), due_at = now(), ended_at = NULL,
                       status = NULL, message = NULL`;
        const rows =
          which === 'dead'
            ? await query(
                `UPDATE webhook_delivery SET ${again} WHERE webhook = $1 AND state = 'dead' RETURNING id`,
                [webhook],
              )
            : await query(
                `UPDATE webhook_delivery SET ${again} WHERE webhook = $1 AND id = $2 AND state <> 'waiting'
                 RETURNING id`,
                [webhook, which],
              );
        if (rows.length === 0) return 0;
        const text = which === 'dead' ? `everything dead: ${rows.length}` : `delivery ${which}`;
        await noteAudit({ query }, { person: by, action: 'webhook-redelivered', subject: webhook, text });
        return rows.length;
      }),
    dropOld: async ({ deliveredMs, deadMs }) => {
      await db.query(
        `DELETE FROM webhook_delivery
          WHERE ended_at < now() - (CASE state WHEN 'dead' THEN $2 ELSE $1 END)::double precision * interval '1 ms'`,
        [deliveredMs, deadMs],
      );
    },
  };
}
