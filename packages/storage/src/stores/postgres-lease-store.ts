import type { Lease, LeaseStore, Member } from '@verdict/streams';
import type { Database, Queries } from '../database/open-database.ts';

/** Leases and members on PostgreSQL; all times are the database's clock. */
export function postgresLeaseStore(db: Database): LeaseStore {
  return {
    heartbeat: (request) => db.transaction((queries) => heartbeat(queries, request)),
    claim: (request) =>
      db.transaction(async (queries) => {
        await putMember(queries, request.group, request.member, request.expiryMs);
        const [row] = await queries.query<{ epoch: number }>(
          `INSERT INTO lease (grp, partition, epoch, holder, expires_at)
           VALUES ($1, $2, 1, $3, now() + $4 * interval '1 ms')
           ON CONFLICT (grp, partition) DO UPDATE
              SET epoch = lease.epoch + 1, holder = excluded.holder, expires_at = excluded.expires_at
            WHERE lease.holder IS NULL OR lease.expires_at <= now()
           RETURNING epoch`,
          [request.group, request.partition, request.member.holder, request.expiryMs],
        );
        return row === undefined ? null : { epoch: row.epoch };
      }),
    release: async ({ group, partition, holder, epoch }) => {
      await db.query(
        `UPDATE lease SET holder = NULL, expires_at = NULL
          WHERE grp = $1 AND partition = $2 AND holder = $3 AND epoch = $4`,
        [group, partition, holder, epoch],
      );
    },
    leave: async ({ group, holder }) => {
      await db.query('DELETE FROM member WHERE grp = $1 AND holder = $2', [group, holder]);
    },
  };
}

type Heartbeat = Parameters<LeaseStore['heartbeat']>[0];

async function heartbeat(queries: Queries, request: Heartbeat): ReturnType<LeaseStore['heartbeat']> {
  const { group, member, held, expiryMs } = request;
  await putMember(queries, group, member, expiryMs);
  // A lease that ran out is not held any more, even if nobody has taken it: its holder must claim it anew.
  const renewed = await queries.query<{ partition: string }>(
    `UPDATE lease SET expires_at = now() + $5 * interval '1 ms'
       FROM unnest($3::text[], $4::bigint[]) AS held (partition, epoch)
      WHERE grp = $1 AND holder = $2 AND lease.partition = held.partition AND lease.epoch = held.epoch
        AND lease.expires_at > now()
      RETURNING lease.partition`,
    [group, member.holder, held.map((lease) => lease.partition), held.map((lease) => lease.epoch), expiryMs],
  );
  // Members that have been gone for long are only clutter.
  await queries.query(
    `DELETE FROM member WHERE grp = $1 AND expires_at < now() - interval '1 hour' AND holder <> $2`,
    [group, member.holder],
  );
  const rows = await queries.query<Lease & { readonly left: number | null }>(
    `SELECT partition, epoch, CASE WHEN expires_at > now() THEN holder END AS holder,
            CASE WHEN expires_at > now() AND holder <> $2
                 THEN ceil(1000 * extract(epoch FROM expires_at - now()))::integer END AS left
       FROM lease WHERE grp = $1 ORDER BY partition`,
    [group, member.holder],
  );
  const leases = rows.map(({ partition, epoch, holder }) => ({ partition, epoch, holder }));
  const lefts = rows.flatMap(({ left }) => (left === null ? [] : [left]));
  const members = await queries.query<Member>(
    `SELECT holder, address, pinned_version AS "pinnedVersion"
       FROM member WHERE grp = $1 AND expires_at > now() ORDER BY holder`,
    [group],
  );
  const nextExpiryMs = lefts.length === 0 ? null : Math.min(...lefts);
  return { renewed: renewed.map((row) => row.partition), leases, members, nextExpiryMs };
}

async function putMember(queries: Queries, group: string, member: Member, expiryMs: number): Promise<void> {
  await queries.query(
    `INSERT INTO member (grp, holder, address, pinned_version, seen_at, expires_at)
     VALUES ($1, $2, $3, $4, now(), now() + $5 * interval '1 ms')
     ON CONFLICT (grp, holder) DO UPDATE
        SET address = excluded.address, pinned_version = excluded.pinned_version, seen_at = excluded.seen_at,
            expires_at = excluded.expires_at`,
    [group, member.holder, member.address, member.pinnedVersion, expiryMs],
  );
}
