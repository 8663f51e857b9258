import { createHash } from 'node:crypto';
import type { AnomalyChange } from '@verdict/detection';
import type { AnomalyRecord } from '@verdict/storage';

/**
 * Id of an anomaly: the first 24 hex digits of the SHA-256 of `namespace/pool`, series and the time of the first
 * reading (epoch ms), a line each. The same readings give the same id, however often they are delivered.
 */
export function anomalyId(pool: string, series: string, startMs: number): string {
  return createHash('sha256').update(`${pool}\n${series}\n${startMs}`).digest('hex').slice(0, 24);
}

/** What the engine says about an anomaly, as it is committed. */
export function anomalyRecord(pool: string, change: AnomalyChange): AnomalyRecord {
  return {
    id: anomalyId(pool, change.series, change.startTime),
    series: change.series,
    modelVersion: change.openedBy,
    state: change.kind === 'closed' ? 'closed' : 'open',
    startMs: change.startTime,
    endMs: change.endTime,
    peakMs: change.peakTime,
    peakScore: change.peakScore,
    signals: change.signals.map(({ signal, share, value, expected, band }) => ({
      signal,
      share,
      value: numberOrNull(value),
      expected: numberOrNull(expected),
      band: numberOrNull(band),
    })),
    patterns: change.patterns,
    revision: change.revision,
    kind: change.kind,
  };
}

/** The engine says NaN where there is no number; records and JSON say null. */
function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
