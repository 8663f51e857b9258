import type {
  AlarmPattern,
  Anomaly,
  CurrentVerdict,
  SignalContribution,
  Uncounted,
} from '@verdict/contracts';
import { uncounted } from '../answers/held-back.ts';

/** A verdict as SQL puts it into JSON. */
export interface VerdictRow {
  readonly person: string;
  readonly verdict: 'true' | 'false';
  readonly reason: string | null;
  readonly comment: string | null;
  readonly at_ms: number;
  readonly uncounted: Uncounted | null;
}

/** What `anomalyColumns` selects. */
export interface AnomalyRow {
  readonly id: string;
  readonly namespace: string;
  readonly pool: string;
  readonly model: string;
  readonly model_version: number;
  readonly series: string;
  readonly state: 'open' | 'closed';
  readonly start_ms: number;
  readonly end_ms: number;
  readonly peak_ms: number;
  readonly peak_score: number;
  readonly signals: SignalContribution[];
  readonly patterns: AlarmPattern[];
  readonly revision: number;
  readonly changed_xid: string;
  readonly verdicts: VerdictRow[];
}

/** Columns of an `AnomalyRow` from `anomaly a`, with the current verdicts, oldest first. */
export const anomalyColumns = `
  a.id, a.namespace, a.pool, a.model, a.model_version, a.series, a.state, a.start_ms, a.end_ms, a.peak_ms,
  a.peak_score, a.signals, a.patterns, a.revision, a.changed_xid::text AS changed_xid,
  coalesce((SELECT jsonb_agg(jsonb_build_object('person', f.person, 'verdict', f.verdict, 'reason', f.reason,
                                                'comment', f.comment, 'at_ms', f.at_ms,
                                                'uncounted', ${uncounted('f')})
                             ORDER BY f.at_ms, f.person)
              FROM feedback_current f
             WHERE f.anomaly_id = a.id AND f.verdict <> 'withdrawn'), '[]') AS verdicts`;

/** The anomaly as it crosses the HTTP border. */
export function anomalyOf(row: AnomalyRow): Anomaly {
  return {
    id: row.id,
    namespace: row.namespace,
    pool: row.pool,
    model: row.model,
    modelVersion: row.model_version,
    series: row.series,
    start: isoTime(row.start_ms),
    end: isoTime(row.end_ms),
    state: row.state,
    peak: { time: isoTime(row.peak_ms), score: row.peak_score },
    signals: row.signals,
    patterns: row.patterns,
    revision: row.revision,
    verdicts: row.verdicts.map(verdictOf),
  };
}

/** A verdict as it crosses the HTTP border. */
export function verdictOf(row: VerdictRow): CurrentVerdict {
  return {
    person: row.person,
    verdict: row.verdict,
    reason: row.reason,
    comment: row.comment,
    at: isoTime(row.at_ms),
    ...(row.uncounted !== null && { uncounted: row.uncounted }),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
