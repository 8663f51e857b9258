import type { AnomalyModelStatus } from './anomaly-model-status.ts';
import type { Condition } from './condition.ts';
import type { DetectorPoolStatus } from './detector-pool-status.ts';

const at = '2026-11-22T16:00:00Z';

function condition(type: string, status: Condition['status'], reason: string, message: string): Condition {
  return { type, status, reason, message, lastTransitionTime: at, observedGeneration: 1 };
}

/** A model whose version 3 is doubted and whose version 4 is being tried. */
export const modelStatus: AnomalyModelStatus = {
  observedGeneration: 1,
  conditions: [
    condition('Ready', 'True', 'Serving', 'version 3 serves'),
    condition('Trained', 'True', 'Learnt', 'version 3 was learnt'),
    condition('Stalled', 'False', 'NothingInTheWay', ''),
  ],
  pool: 'shop',
  activeVersion: 3,
  candidate: { version: 4, text: '4 · step 2 of 3', createdAt: at },
  confidence: {
    version: 3,
    state: 'bad',
    text: '34 % (22-47 %)',
    mean: 0.341,
    low: 0.22,
    high: 0.468,
    judged: 41,
    contested: 2,
    real: 14,
    falseAlarms: 27,
  },
  drift: { verdict: 'watch', reason: 'alarm-rate: 8.25 times the nominal rate', signs: ['alarm-rate'] },
  lastTraining: {
    triggerId: 'confidence-v3-812',
    reason: 'confidence in version 3 is bad',
    job: 'shop-train-0a1b2c3d4e',
    state: 'succeeded',
    startedAt: at,
    endedAt: at,
    version: 4,
    baselineVersion: 3,
    message: 'version 4 was accepted',
    reasons: ['found 20 of 20 events'],
  },
  handledRetrain: 'now',
  versions: [
    { version: 4, state: 'accepted', createdAt: at, servesSince: at, message: 'found 20 of 20 events' },
    { version: 3, state: 'accepted', createdAt: at, servesSince: at },
  ],
};

/** A pool in which version 4 serves two of eight partitions. */
export const poolStatus: DetectorPoolStatus = {
  observedGeneration: 1,
  conditions: [
    condition('Ready', 'True', 'Serving', 'every partition is served'),
    condition('Progressing', 'True', 'RollingOut', 'version 4 is in step 2 of 3'),
    condition('CanaryHealthy', 'True', 'AnalysisPassed', '0.4 anomalies per 1000'),
  ],
  replicas: 3,
  readyReplicas: 3,
  selector: 'app.kubernetes.io/name=verdict-detector,verdict.dev/pool=shop',
  detectorsText: '3/3',
  activeVersion: 3,
  planRevision: 12,
  partitions: 8,
  partitionsText: 'v3 6, v4 2',
  versions: [
    { version: 4, planned: 2, serving: 2, deployment: 'shop-v4', replicas: 1, readyReplicas: 1 },
    { version: 3, planned: 6, serving: 6, deployment: 'shop-v3', replicas: 2, readyReplicas: 2 },
  ],
  lag: { events: 40, partition: '3' },
  rollout: {
    phase: 'step',
    text: 'v4 step 2 of 3 (2/8)',
    champion: 3,
    candidate: 4,
    step: 2,
    steps: 3,
    phaseSince: at,
    failures: 0,
    analyses: [{ at, passed: true, reasons: ['0.4 anomalies per 1000, at most 1 is nominal'] }],
    aborted: [2],
    lastAbort: { version: 2, at, reason: '9.1 anomalies per 1000', asked: false },
  },
  handledCommands: { 'verdict.dev/promote': 'now' },
};

/** A model's status in which every text and list is as long as it may be. */
export const longestModelStatus: AnomalyModelStatus = {
  ...modelStatus,
  conditions: longestConditions(),
  pool: 'p'.repeat(63),
  candidate: { version: 4, text: 'c'.repeat(100) },
  drift: {
    verdict: 'retrain',
    reason: 'd'.repeat(1024),
    signs: ['calibration', 'alarm-rate', 'drift', 'input-drift'],
  },
  lastTraining: {
    triggerId: 't'.repeat(200),
    reason: 'r'.repeat(1024),
    job: 'j'.repeat(63),
    state: 'failed',
    message: 'm'.repeat(2048),
    reasons: Array.from({ length: 20 }, () => 'r'.repeat(512)),
  },
  handledRetrain: 'h'.repeat(200),
  versions: Array.from({ length: 20 }, (_, index) => ({
    version: index,
    state: 'retired' as const,
    createdAt: at,
    servesSince: at,
    message: 'm'.repeat(512),
  })),
};

/** A pool's status in which every text and list is as long as it may be. */
export const longestPoolStatus: DetectorPoolStatus = {
  ...poolStatus,
  conditions: longestConditions(),
  selector: 's'.repeat(512),
  detectorsText: 'd'.repeat(50),
  partitionsText: 'p'.repeat(200),
  versions: Array.from({ length: 10 }, (_, version) => ({ version, deployment: 'd'.repeat(63) })),
  lag: { events: 2 ** 50, partition: 'p'.repeat(20) },
  rollout: {
    phase: 'aborted',
    text: 't'.repeat(100),
    analyses: Array.from({ length: 10 }, () => ({
      at,
      passed: false,
      reasons: Array.from({ length: 10 }, () => 'r'.repeat(512)),
    })),
    aborted: Array.from({ length: 50 }, (_, index) => index + 1),
    lastAbort: { version: 50, at, reason: 'r'.repeat(2048), asked: true },
  },
  handledCommands: Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`verdict.dev/command-${index}`, 'v'.repeat(200)]),
  ),
};

function longestConditions(): Condition[] {
  return Array.from({ length: 16 }, (_, index) =>
    condition(`Condition${index}`, 'Unknown', `R${'e'.repeat(1023)}`, 'm'.repeat(32_768)),
  );
}
