import type { MissedEvent } from '@verdict/contracts';
import type { Queries } from '../database/open-database.ts';

/**
 * Notes reports of missed anomalies. Of the events of one report the newest counts, in whatever order they come; of
 * two at the same instant the one that takes it back, since nobody can take back what was not reported yet.
 */
export async function writeMissedReports(
  queries: Queries,
  missed: readonly { sequence: number; event: MissedEvent }[],
): Promise<void> {
  const newest = new Map<string, MissedEvent>();
  for (const { event } of missed) {
    const id = event.reportId.toLowerCase();
    const known = newest.get(id);
    if (known === undefined || !isOlder(event, known)) newest.set(id, event);
  }
  const events = [...newest.values()];
  if (events.length === 0) return;
  await queries.query(
    `INSERT INTO missed_report AS report (report_id, series, from_ms, to_ms, person, reason, comment, at_ms, withdrawn, teaches)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[],
                          $8::bigint[], $9::boolean[], $10::boolean[])
     ON CONFLICT (report_id) DO UPDATE
        SET series = excluded.series, from_ms = excluded.from_ms, to_ms = excluded.to_ms,
            person = excluded.person, reason = excluded.reason, comment = excluded.comment,
            at_ms = excluded.at_ms, withdrawn = excluded.withdrawn, teaches = excluded.teaches
      WHERE (excluded.at_ms, excluded.withdrawn) >= (report.at_ms, report.withdrawn)`,
    [
      events.map((event) => event.reportId),
      events.map((event) => event.series),
      events.map((event) => event.from),
      events.map((event) => event.to),
      events.map((event) => event.person),
      events.map((event) => event.reason?.replaceAll('\0', '') ?? null),
      events.map((event) => event.comment?.replaceAll('\0', '') ?? null),
      events.map((event) => event.at),
      events.map((event) => event.withdrawn),
      events.map((event) => event.teaches ?? true),
    ],
  );
  await writeTrail(queries, events);
}

function isOlder(event: MissedEvent, than: MissedEvent): boolean {
  if (event.at !== than.at) return event.at < than.at;
  return than.withdrawn && !event.withdrawn;
}

/** Every report and taking back goes into the audit trail. */
async function writeTrail(queries: Queries, events: readonly MissedEvent[]): Promise<void> {
  await queries.query(
    `INSERT INTO feedback_audit (at_ms, person, action, subject, series, detail, teaches)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[])
     ON CONFLICT (subject, action, at_ms) DO NOTHING`,
    [
      events.map((event) => event.at),
      events.map((event) => event.person),
      events.map((event) => (event.withdrawn ? 'missed-withdrawn' : 'missed-reported')),
      events.map((event) => event.reportId.toLowerCase()),
      events.map((event) => event.series),
      events.map((event) => event.reason?.replaceAll('\0', '') ?? null),
      events.map((event) => event.teaches ?? true),
    ],
  );
}
