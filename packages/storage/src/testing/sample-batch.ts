import type {
  AnomalyRecord,
  BatchCommit,
  HistoryRows,
  PartitionRef,
  ScoringFigures,
  ShadowScoring,
} from '../ports/partition-store.ts';

/** Rows of one signal whose value is its minute; scores 0.25. */
export function sampleRows(times: readonly number[], signals: readonly string[] = ['cpu']): HistoryRows {
  const cells = times.flatMap((time) => signals.map((_, signal) => time / 60_000 + signal));
  return {
    signals,
    times: Float64Array.from(times),
    values: Float32Array.from(cells),
    expected: Float32Array.from(cells, (value) => value + 0.5),
    band: new Float32Array(cells.length).fill(2),
    score: new Float32Array(times.length).fill(0.25),
    flags: new Uint8Array(times.length),
  };
}

/** A closed anomaly of `shop/cart`, first revision. */
export function sampleAnomaly(change: Partial<AnomalyRecord> = {}): AnomalyRecord {
  return {
    id: '0123456789abcdef01234567',
    series: 'shop/cart',
    modelVersion: 0,
    state: 'open',
    startMs: 1_000,
    endMs: 2_000,
    peakMs: 1_500,
    peakScore: 0.9,
    signals: [{ signal: 'cpu', share: 1, value: 5, expected: 1, band: 0.5 }],
    patterns: [{ cpu: 4 }],
    revision: 1,
    kind: 'opened',
    ...change,
  };
}

/** Figures of a version that did nothing and has no reference, with what is to differ. */
export function sampleFigures(change: Partial<ScoringFigures> = {}): ScoringFigures {
  return {
    readings: 0,
    anomalies: 0,
    alarms: 0,
    quieted: 0,
    pValues: [],
    inputs: [],
    logResiduals: { sum: 0, count: 0 },
    ...change,
  };
}

/** What a shadow did over some readings, with what is to differ. */
export function sampleComparison(change: Partial<ShadowScoring> = {}): ShadowScoring {
  const nothing = { anomalies: 0, alarms: 0, quieted: 0 };
  return { readings: 0, disagreements: 0, scoreDifference: 0, served: nothing, would: nothing, ...change };
}

/** A batch that only moves the checkpoint, with what is to differ. */
export function sampleBatch(ref: PartitionRef, change: Partial<BatchCommit> = {}): BatchCommit {
  return {
    ref,
    checkpoint: 0,
    hub: { identity: 'hub-1', partitionCount: 8 },
    version: 0,
    overlay: 0,
    shadow: null,
    history: [],
    anomalies: [],
    deadLetters: [],
    series: [],
    snapshot: null,
    counted: { readings: 0, duplicates: 0 },
    figures: sampleFigures(),
    comparison: null,
    shadowTroubles: [],
    ...change,
  };
}
