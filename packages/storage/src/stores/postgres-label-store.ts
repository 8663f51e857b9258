import type { MissedReport, Uncounted } from '@verdict/contracts';
import type { Database, Queries } from '../database/open-database.ts';
import type { LabelledAnomaly, LabelStore } from '../ports/feedback-loop-stores.ts';
import { countedVerdict, counts, uncounted } from './answers/held-back.ts';

/** What people said, on PostgreSQL. */
export function postgresLabelStore(db: Database): LabelStore {
  return {
    anomalies: (request) => anomalies(db, request),
    missed: async ({ series, fromMs, toMs, limit, uncounted: withUncounted = false }) => {
      const rows = await db.query<MissedRow>(
        `SELECT * FROM (
           SELECT ${missedColumns} FROM missed_report m
            WHERE NOT withdrawn AND from_ms <= $2 AND to_ms >= $1 AND ($3::text IS NULL OR series = $3)
              ${withUncounted ? '' : `AND ${counts('m')}`}
            ORDER BY from_ms DESC, report_id DESC LIMIT $4) newest
          ORDER BY series, from_ms, id`,
        [fromMs, toMs, series ?? null, limit],
      );
      return rows.map(missedOf);
    },
    missedReport: async (id) => {
      const [row] = await db.query<MissedRow>(
        `SELECT ${missedColumns} FROM missed_report m WHERE report_id = $1`,
        [id],
      );
      return row === undefined ? null : { ...missedOf(row), withdrawn: row.withdrawn };
    },
    verdicts: ({ namespace, model, version, limit }) =>
      db.query<{ sequence: number; atMs: number }>(
        `SELECT said.seq AS sequence, said.at_ms AS "atMs"
           FROM feedback_event said JOIN anomaly a ON a.id = said.anomaly_id
          WHERE a.namespace = $1 AND a.model = $2 AND a.model_version = $3 AND ${counts('said')}
          ORDER BY said.seq DESC LIMIT $4`,
        [namespace, model, version, limit],
      ),
    reviews: async () => {
      const [row] = await db.query<{ seq: number }>(
        `SELECT coalesce(max(seq), 0) AS seq FROM feedback_audit WHERE action LIKE 'flood-%'`,
      );
      return row?.seq ?? 0;
    },
  };
}

async function anomalies(
  queries: Queries,
  request: Parameters<LabelStore['anomalies']>[0],
): Promise<LabelledAnomaly[]> {
  const { namespace, model, series, fromMs, toMs, limit } = request;
  const rows = await queries.query<LabelledAnomaly & { readonly unheard: string[] | null }>(
    `SELECT a.id, a.series, a.model_version AS version, a.state, a.start_ms AS "startMs", a.end_ms AS "endMs",
            a.peak_score AS "peakScore", a.patterns,
            said.verdicts, said.unheard
       FROM anomaly a
       CROSS JOIN LATERAL (
         SELECT coalesce(jsonb_agg(jsonb_build_object('person', f.person, 'verdict', f.counted)
                                   ORDER BY f.at_ms, f.person)
                           FILTER (WHERE f.counted IN ('true', 'false')), '[]') AS verdicts,
                jsonb_agg(f.person ORDER BY f.person)
                  FILTER (WHERE f.counted IS NULL AND f.verdict <> 'withdrawn') AS unheard
           FROM (SELECT c.*, ${countedVerdict('c')} AS counted FROM feedback_current c
                  WHERE c.anomaly_id = a.id) f) said
      WHERE a.namespace = $1 AND a.model = $2 AND a.start_ms <= $3 AND a.end_ms >= $4
            ${series === undefined ? '' : 'AND a.series = $6'}
      ORDER BY a.start_ms DESC, a.id DESC LIMIT $5`,
    [namespace, model, toMs, fromMs, limit, ...(series === undefined ? [] : [series])],
  );
  return rows.map(({ unheard, ...anomaly }) => (unheard === null ? anomaly : { ...anomaly, unheard }));
}

interface MissedRow {
  readonly id: string;
  readonly series: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly person: string;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly at_ms: number;
  readonly withdrawn: boolean;
  readonly uncounted: Uncounted | null;
}

/** From `missed_report m`. */
const missedColumns = `report_id AS id, series, from_ms, to_ms, person, reason, comment, at_ms, withdrawn,
                       ${uncounted('m')} AS uncounted`;

/** The report as it crosses the HTTP border. */
function missedOf(row: MissedRow): MissedReport {
  return {
    id: row.id,
    series: row.series,
    from: new Date(row.from_ms).toISOString(),
    to: new Date(row.to_ms).toISOString(),
    person: row.person,
    reason: row.reason,
    comment: row.comment,
    at: new Date(row.at_ms).toISOString(),
    ...(row.uncounted !== null && { uncounted: row.uncounted }),
  };
}
