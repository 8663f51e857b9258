import type { Database } from '../../database/open-database.ts';
import { TooManyWebhooks, type WebhookRow, type WebhookStore } from '../../ports/webhook-stores.ts';
import { noteAudit } from '../answers/note-audit.ts';
import { type TargetRow, targetColumns } from './webhook-target.ts';

const mostWebhooks = 100;
/** Serialises those who make webhooks, so that the limit holds. */
const createLock = 'verdict webhooks';

const ms = (time: string) => `floor(extract(epoch FROM ${time}) * 1000)::bigint`;

/** Webhooks on PostgreSQL. */
export function postgresWebhookStore(db: Database): WebhookStore {
  return {
    create: (webhook) =>
      db.transaction(async ({ query }) => {
        await query('SELECT pg_advisory_xact_lock(hashtext($1))', [createLock]);
        const [found] = await query<{ count: number }>('SELECT count(*) AS count FROM webhook');
        if ((found?.count ?? 0) >= mostWebhooks)
          throw new TooManyWebhooks(`there are ${mostWebhooks} webhooks, and no more may be`);
        const rows = await query(
          `INSERT INTO webhook (name, kind, url, models, labels, secret, authorization_header, created_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO NOTHING RETURNING name`,
          [
            webhook.name,
            webhook.kind,
            webhook.url,
            [...webhook.models],
            JSON.stringify(webhook.labels),
            webhook.secret,
            webhook.authorization,
            webhook.createdBy,
          ],
        );
        if (rows.length === 0) return false;
        const { name, createdBy: person, kind, models } = webhook;
        const of = models.length === 0 ? 'every model' : models.join(', ');
        const text = `${kind}, told of ${of}`.slice(0, 500);
        await noteAudit({ query }, { person, action: 'webhook-created', subject: name, text });
        return true;
      }),
    list: () =>
      db.query<WebhookRow>(
        `SELECT w.name, kind, url, models, labels, authorization_header IS NOT NULL AS authorized,
                created_by AS "createdBy", ${ms('created_at')} AS "createdAtMs", disabled_why AS "disabledWhy",
                failures, ${ms('delivered_at')} AS "deliveredAtMs", ${ms('failed_at')} AS "failedAtMs", failure,
                queue.waiting, queue.dead, ${ms('now() - queue.since')} AS "waitingMs"
           FROM webhook w CROSS JOIN LATERAL
                (SELECT count(*) FILTER (WHERE d.state = 'waiting') AS waiting,
                        count(*) FILTER (WHERE d.state = 'dead') AS dead,
                        min(d.created_at) FILTER (WHERE d.state = 'waiting') AS since
                   FROM webhook_delivery d WHERE d.webhook = w.name AND d.state IN ('waiting', 'dead')) AS queue
          ORDER BY w.name`,
      ),
    target: async (name) => {
      const [row] = await db.query<TargetRow>(`SELECT ${targetColumns} FROM webhook WHERE name = $1`, [name]);
      return row ?? null;
    },
    remove: (name, by) =>
      db.transaction(async ({ query }) => {
        const rows = await query<{ waiting: number }>(
          `DELETE FROM webhook WHERE name = $1
           RETURNING (SELECT count(*) FROM webhook_delivery WHERE webhook = $1 AND state = 'waiting') AS waiting`,
          [name],
        );
        if (rows[0] === undefined) return false;
        const text = `with ${rows[0].waiting} that waited`;
        await noteAudit({ query }, { person: by, action: 'webhook-removed', subject: name, text });
        return true;
      }),
    rotate: (name, secret, { overlapMs, by }) =>
      db.transaction(async ({ query }) => {
        const rows = await query(
          `UPDATE webhook SET previous_secret = secret, previous_until = now() + $3 * interval '1 ms', secret = $2
            WHERE name = $1 AND secret IS NOT NULL RETURNING name`,
          [name, secret, overlapMs],
        );
        if (rows.length === 0) return false;
        const text = `the old secret signs too for ${overlapMs / 3_600_000} h`;
        await noteAudit({ query }, { person: by, action: 'webhook-secret-changed', subject: name, text });
        return true;
      }),
    tested: (name, { by, delivered, message }) =>
      db.transaction(async ({ query }) => {
        const text = message.slice(0, 300);
        await noteAudit({ query }, { person: by, action: 'webhook-tested', subject: name, text });
        if (delivered)
          await query(
            'UPDATE webhook SET disabled_why = NULL, failures = 0, paused_until = NULL WHERE name = $1',
            [name],
          );
      }),
  };
}
