import type { Database, Queries } from '../../database/open-database.ts';
import type {
  ClaimedDelivery,
  Settlement,
  WebhookHealth,
  WebhookHold,
  WebhookQueue,
} from '../../ports/webhook-stores.ts';
import { type AnomalyRow, anomalyColumns, anomalyOf } from '../anomaly/anomaly-row.ts';
import { type TargetRow, targetColumns } from './webhook-target.ts';

/** Something may be sent to it now. */
const isOpen = 'disabled_why IS NULL AND (paused_until IS NULL OR paused_until <= now())';

/** What webhooks are still to be told, on PostgreSQL; times are its clock's. */
export function postgresWebhookQueue(db: Database): WebhookQueue {
  return {
    take: async (holder, leaseMs) => {
      const rows = await db.query<{ name: string }>(
        `UPDATE webhook SET holder = $1, leased_until = now() + $2 * interval '1 ms'
          WHERE name IN (
            SELECT w.name FROM webhook w
             WHERE ${isOpen} AND (leased_until IS NULL OR leased_until <= now())
               AND ((kind = 'alertmanager' AND refresh_at <= now())
                    OR EXISTS (SELECT FROM webhook_delivery d
                                WHERE d.webhook = w.name AND d.state = 'waiting' AND d.due_at <= now()))
               FOR UPDATE SKIP LOCKED)
          RETURNING name`,
        [holder, leaseMs],
      );
      return rows.map(({ name }) => name);
    },
    release: async ({ name, holder }) => {
      await db.query('UPDATE webhook SET leased_until = NULL WHERE name = $1 AND holder = $2', [
        name,
        holder,
      ]);
    },
    claim: (hold, count) =>
      db.transaction(async (queries) => {
        const target = await prolong(queries, hold);
        if (target === null) return null;
        // One that fails is asked with one message at a time, whether it is back.
        const deliveries = await claimDue(queries, hold.name, target.failures > 0 ? 1 : count);
        return { target, deliveries };
      }),
    claimOpen: (hold, { everyMs, limit }) =>
      db.transaction(async (queries) => {
        const target = await prolong(queries, hold);
        if (target === null) return null;
        const due = await queries.query(
          `UPDATE webhook SET refresh_at = now() + $2 * interval '1 ms'
            WHERE name = $1 AND kind = 'alertmanager' AND refresh_at <= now() RETURNING name`,
          [hold.name, everyMs],
        );
        if (due.length === 0) return null;
        return { target, anomalies: await openAnomalies(queries, hold.name, limit) };
      }),
    settle: (settlements, health) =>
      db.transaction(async (queries) => {
        // The webhook before its messages, as in a claim and a removal: else two of them could wait for each other.
        if (health !== null) await noteHealth(queries, health);
        if (settlements.length > 0) await settleAll(queries, settlements);
      }),
    giveUp: (limits) => giveUp(db, limits),
  };
}

async function prolong(
  { query }: Queries,
  { name, holder, leaseMs }: WebhookHold,
): Promise<TargetRow | null> {
  const [row] = await query<TargetRow>(
    `UPDATE webhook SET leased_until = now() + $3 * interval '1 ms'
      WHERE name = $1 AND holder = $2 AND leased_until > now() AND ${isOpen} RETURNING ${targetColumns}`,
    [name, holder, leaseMs],
  );
  return row ?? null;
}

type DueRow = Omit<ClaimedDelivery, 'anomaly'>;

async function claimDue({ query }: Queries, webhook: string, count: number): Promise<ClaimedDelivery[]> {
  const due = await query<DueRow>(
    `UPDATE webhook_delivery d SET attempts = attempts + 1
      WHERE d.id IN (
        SELECT one.id FROM webhook_delivery one
         WHERE one.webhook = $1 AND one.state = 'waiting' AND one.due_at <= now()
           AND NOT EXISTS (SELECT FROM webhook_delivery earlier
                            WHERE earlier.webhook = $1 AND earlier.anomaly_id = one.anomaly_id
                              AND earlier.id < one.id AND earlier.state = 'waiting')
         ORDER BY one.due_at, one.id LIMIT $2 FOR UPDATE SKIP LOCKED)
      RETURNING id, anomaly_id AS "anomalyId", kind, attempts,
                floor(extract(epoch FROM created_at) * 1000)::bigint AS "createdAtMs",
                floor(extract(epoch FROM now() - waits_since) * 1000)::bigint AS "ageMs"`,
    [webhook, count],
  );
  const rows = await query<AnomalyRow>(`SELECT ${anomalyColumns} FROM anomaly a WHERE a.id = ANY($1)`, [
    due.map(({ anomalyId }) => anomalyId),
  ]);
  const anomalies = new Map(rows.map((row) => [row.id, anomalyOf(row)]));
  return due
    .toSorted((one, other) => one.id - other.id)
    .map((one) => ({ ...one, anomaly: anomalies.get(one.anomalyId) ?? null }));
}

async function openAnomalies({ query }: Queries, webhook: string, limit: number) {
  const rows = await query<AnomalyRow>(
    `SELECT ${anomalyColumns} FROM anomaly a, webhook w
      WHERE a.state = 'open' AND w.name = $1
        AND (w.models = '{}' OR a.namespace || '/' || a.model = ANY(w.models))
      ORDER BY a.start_ms DESC, a.id DESC LIMIT $2`,
    [webhook, limit],
  );
  return rows.map(anomalyOf);
}

async function settleAll({ query }: Queries, settlements: readonly Settlement[]): Promise<void> {
  await query(
    `UPDATE webhook_delivery d
        SET state = s.state, attempts = d.attempts - CASE WHEN s.counts THEN 0 ELSE 1 END,
            due_at = now() + s.wait_ms * interval '1 ms',
            ended_at = CASE WHEN s.state = 'waiting' THEN NULL ELSE now() END,
            status = s.status, message = s.message
       FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::double precision[], $5::boolean[], $6::integer[],
                   $7::text[]) AS s (id, attempts, state, wait_ms, counts, status, message)
      WHERE d.id = s.id AND d.attempts = s.attempts AND d.state = 'waiting'`,
    [
      settlements.map(({ id }) => id),
      settlements.map(({ attempts }) => attempts),
      settlements.map(({ state }) => state),
      settlements.map(({ waitMs }) => waitMs),
      settlements.map(({ counts }) => counts),
      settlements.map(({ status }) => status),
      settlements.map(({ message }) => message),
    ],
  );
}

async function noteHealth(
  { query }: Queries,
  { name, holder, failure, pauseMs, disabledWhy }: WebhookHealth,
): Promise<void> {
  if (failure === null)
    await query(
      `UPDATE webhook SET failures = 0, paused_until = NULL, delivered_at = now()
        WHERE name = $1 AND holder IS NOT DISTINCT FROM $2`,
      [name, holder],
    );
  else
    await query(
      `UPDATE webhook SET failures = failures + 1, paused_until = now() + $3 * interval '1 ms', failed_at = now(),
              failure = $2, disabled_why = $4 WHERE name = $1 AND holder IS NOT DISTINCT FROM $5`,
      [name, failure, pauseMs, disabledWhy, holder],
    );
}

async function giveUp(
  db: Database,
  { maxAgeMs, maxWaiting }: { maxAgeMs: number; maxWaiting: number },
): Promise<Map<string, number>> {
  const given = new Map<string, number>();
  const end = async (condition: string, value: number, message: string): Promise<void> => {
    const rows = await db.query<{ webhook: string }>(
      `UPDATE webhook_delivery SET state = 'dead', ended_at = now(), message = coalesce(message || '; ', '') || $2
        WHERE state = 'waiting' AND ${condition} RETURNING webhook`,
      [value, message],
    );
    for (const { webhook } of rows) given.set(webhook, (given.get(webhook) ?? 0) + 1);
  };
  await end(`waits_since < now() - $1 * interval '1 ms'`, maxAgeMs, 'given up: it waited for too long');
  await end(
    `id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY webhook ORDER BY id DESC) AS place
                              FROM webhook_delivery WHERE state = 'waiting') AS queue WHERE place > $1)`,
    maxWaiting,
    'given up: too much waited',
  );
  return given;
}
