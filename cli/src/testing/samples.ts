import {
  AnomalyModelSpec,
  type Confidence,
  DetectorPoolSpec,
  type ModelTrust,
  type ModelView,
  noCanaryTotals,
  type PoolView,
  type Receipt,
  type RolloutState,
  type TrainingRunView,
} from '@verdict/contracts';

const at = '2026-11-22T16:00:00.000Z';

/** An anomaly that nobody has judged. */
export const sampleAnomaly = {
  id: '0f1e2d3c4b5a69788796a5b4',
  namespace: 'default',
  pool: 'shop',
  model: 'shop',
  modelVersion: 1,
  series: 'shop/cart',
  start: at,
  end: '2026-11-22T16:05:00.000Z',
  state: 'closed' as const,
  peak: { time: '2026-11-22T16:01:00.000Z', score: 0.9312345 },
  signals: [{ signal: 'latency_p99', share: 0.8, value: 4.1, expected: 0.3, band: 0.1 }],
  patterns: [{ latency_p99: 4.2 }],
  revision: 3,
  verdicts: [],
};

/** A verdict of ann. */
export const sampleVerdict = {
  person: 'ann',
  verdict: 'false' as const,
  reason: null,
  comment: null,
  at: '2026-11-22T16:10:00.000Z',
};

/** The receipt of that verdict on that anomaly. */
export const sampleReceipt: Receipt = {
  anomalyId: sampleAnomaly.id,
  judgement: 'false-alarm',
  answers: { true: 0, false: 1 },
  memory: { since: at, until: '2026-12-22T16:00:00.000Z' },
  similar: { alarms: 9, wouldNotHaveFired: 7, ids: [] },
  confirmed: { total: 2, stillFound: 2 },
  learntBy: null,
  sentences: ['7 of 9 alarms would not have fired.', '2 of 2 confirmed anomalies would still be found.'],
};

const confidence: Confidence = {
  state: 'bad',
  mean: 0.2,
  low: 0.1,
  high: 0.34,
  tp: 4,
  fp: 16,
  judged: 20,
  contested: 1,
};

/** The trust in a model that fails. */
export const sampleTrust: ModelTrust = {
  at,
  version: 1,
  confidence,
  signs: [
    { name: 'alarm-rate', value: 8.25, border: 3, active: true, text: '8.25 times the nominal rate' },
    { name: 'drift', value: null, border: 1, active: false, text: 'too little to say' },
  ],
  drift: { verdict: 'watch', reason: 'one sign is active', window: 7 },
  quality: {
    precision: { mean: 0.2, low: 0.1, high: 0.34 },
    recall: { mean: 0.9, low: 0.7, high: 0.98 },
    labelCoverage: 0.4,
    anomalies: 50,
    judged: 20,
    tp: 4,
    fp: 16,
    missed: 1,
  },
  verdicts: [],
  versions: { 1: confidence },
};

/** A training that ended in a version. */
export function sampleTraining(change: Partial<TrainingRunView> = {}): TrainingRunView {
  return {
    triggerId: 'history-0',
    state: 'succeeded',
    startedAt: at,
    endedAt: '2026-11-22T16:01:30.000Z',
    version: 1,
    message: 'kept 20 of 20 events',
    ...change,
  };
}

/** A model with two versions, the second one refused. */
export function sampleModel(change: Partial<ModelView> = {}): ModelView {
  const evaluation = { accepted: true, candidate: {}, baselineVersion: 0, baseline: {} };
  const version = { manifest: null, createdAt: at, servesSince: null };
  return {
    namespace: 'default',
    name: 'shop',
    spec: AnomalyModelSpec.parse({ series: ['shop/**'] }),
    champion: 1,
    versions: [
      {
        ...version,
        version: 1,
        state: 'accepted',
        servesSince: '2026-11-22T16:02:00.000Z',
        evaluation: { ...evaluation, reasons: ['found 20 of 20 events'] },
      },
      {
        ...version,
        version: 2,
        state: 'refused',
        evaluation: { ...evaluation, accepted: false, reasons: ['found 3 of 20 events, 19 were asked for'] },
      },
    ],
    trainings: [sampleTraining()],
    series: 24,
    readings: 100_000,
    anomalies: { total: 50, lastDay: 12, judgedTrue: 4, judgedFalse: 16 },
    trust: sampleTrust,
    asked: null,
    ...change,
  };
}

/** A rollout in its second step. */
export const sampleState: RolloutState = {
  phase: 'step',
  champion: 1,
  candidate: 2,
  step: 1,
  chosen: ['0', '3'],
  before: {},
  fallback: 0,
  phaseSinceMs: Date.parse(at),
  analysedToMs: Date.parse(at),
  passedInPhase: 1,
  passed: noCanaryTotals,
  failures: 0,
  analyses: [
    { atMs: Date.parse(at), passed: true, reasons: ['0.4 anomalies per 1000, at most 1 is nominal'] },
  ],
  waitingSaid: false,
  paused: null,
  aborted: [],
  lastAbort: null,
  reinstated: null,
  handledCommands: [],
};

/** A pool in that rollout. */
export function samplePool(change: Partial<PoolView['rollout']> = {}): PoolView {
  return {
    namespace: 'default',
    name: 'shop',
    spec: DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop' }),
    plan: { revision: 3, partitions: {} },
    partitions: [
      {
        partition: '0',
        holder: 'detector-1',
        epoch: 4,
        version: 2,
        planned: { version: 2, shadow: 1, fallback: 1 },
        shadow: 1,
        checkpoint: 900,
        readings: 9000,
        duplicates: 0,
        lagEvents: 2,
        figures: [{ version: 2, readings: 4000, anomalies: 2, alarms: 12, quieted: 3, errors: 0, since: at }],
        shadows: [
          {
            version: 2,
            shadow: 1,
            readings: 4000,
            disagreements: 30,
            scoreDifference: 200,
            served: { anomalies: 2, alarms: 12, quieted: 3 },
            would: { anomalies: 8, alarms: 40, quieted: 0 },
            errors: 0,
            drops: 0,
            trouble: null,
            since: at,
          },
        ],
      },
    ],
    members: [],
    rollout: {
      revision: 5,
      state: sampleState,
      baseline: null,
      events: [
        { at, reason: 'StepStarted', message: 'Version 2 serves 2 of 4 partitions (0, 3), step 2 of 3' },
      ],
      commands: [],
      ...change,
    },
  };
}
