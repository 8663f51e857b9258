import type { AuditAction, AuditEntry, AuditPage, AuditQuery, Uncounted, Verdict } from '@verdict/contracts';
import type { Queries } from '../../database/open-database.ts';
import { uncounted } from './held-back.ts';

interface AuditRow {
  readonly at_ms: number;
  /** 0 = of the history of verdicts, 1 = of the table of the other things. */
  readonly kind: 0 | 1;
  readonly seq: string;
  readonly person: string;
  readonly action: AuditAction;
  readonly subject: string;
  readonly series: string | null;
  readonly verdict: Verdict | null;
  readonly before: Verdict | null;
  readonly detail: string | null;
  readonly uncounted: Uncounted | null;
}

/**
 * One page of the trail, newest first: verdicts out of their history, which keeps each of them, and the rest out of a
 * table of its own. Both are asked for a page by an index, and merged.
 */
export async function readAudit(queries: Queries, query: AuditQuery): Promise<AuditPage> {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const person = query.person === undefined ? null : bind(query.person);
  const [atMs, kind, seq] = query.next?.split('-') ?? [];
  const after =
    seq === undefined ? null : `(${bind(atMs)}::bigint, ${bind(kind)}::int, ${bind(seq)}::bigint)`;
  const where = (of: string, kindOf: number) =>
    [
      'true',
      ...(person === null ? [] : [`${of}.person = ${person}`]),
      ...(query.from === undefined ? [] : [`${of}.at_ms >= ${bind(Date.parse(query.from))}`]),
      ...(query.to === undefined ? [] : [`${of}.at_ms < ${bind(Date.parse(query.to))}`]),
      ...(after === null ? [] : [`(${of}.at_ms, ${kindOf}, ${of}.seq) < ${after}`]),
    ].join(' AND ');
  const page = `ORDER BY at_ms DESC, seq DESC LIMIT ${query.limit + 1}`;
  // Made only where they are asked: PostgreSQL refuses values that no part of the query has.
  const verdicts = () => `
    SELECT e.at_ms, 0 AS kind, e.seq, e.person, 'verdict' AS action, e.anomaly_id AS subject,
           (SELECT a.series FROM anomaly a WHERE a.id = e.anomaly_id) AS series, e.verdict,
           (SELECT p.verdict FROM feedback_event p
             WHERE p.anomaly_id = e.anomaly_id AND p.person = e.person AND p.seq < e.seq
             ORDER BY p.seq DESC LIMIT 1) AS before,
           e.reason AS detail, ${uncounted('e')} AS uncounted
      FROM (SELECT * FROM feedback_event e WHERE ${where('e', 0)}
              ${query.anomaly === undefined ? '' : `AND e.anomaly_id = ${bind(query.anomaly)}`} ${page}) e`;
  const others = () => `
    SELECT t.at_ms, 1 AS kind, t.seq, t.person, t.action, t.subject, t.series, NULL AS verdict,
           NULL AS before, t.detail, CASE WHEN t.action LIKE 'missed-%' THEN ${uncounted('t')} END AS uncounted
      FROM (SELECT * FROM feedback_audit t WHERE ${where('t', 1)}
              ${query.action === undefined ? '' : `AND t.action = ${bind(query.action)}`} ${page}) t`;
  const rows = await queries.query<AuditRow>(
    `${partsOf(query, verdicts, others)
      .map((part) => part())
      .join(' UNION ALL ')}
      ORDER BY at_ms DESC, kind DESC, seq DESC LIMIT ${query.limit + 1}`,
    values,
  );
  const last = rows[query.limit - 1];
  return {
    items: rows.slice(0, query.limit).map(entryOf),
    next: rows.length > query.limit && last ? `${last.at_ms}-${last.kind}-${last.seq}` : null,
  };
}

/** Only what can have what is asked for: verdicts are on anomalies, and the other things are not. */
function partsOf<Part>({ anomaly, action }: AuditQuery, verdicts: Part, others: Part): Part[] {
  if (action === 'verdict' || anomaly !== undefined) return [verdicts];
  return action === undefined ? [verdicts, others] : [others];
}

function entryOf(row: AuditRow): AuditEntry {
  const { at_ms, person, action, subject, series, verdict, before, detail, uncounted: why } = row;
  const at = new Date(at_ms).toISOString();
  return { at, person, action, subject, series, verdict, before, text: detail, uncounted: why };
}
