import { type ModelTrust, RolloutState, type ShareEstimate } from '@verdict/contracts';
import type { PlatformFacts } from './platform-facts.ts';

/** One value of a gauge; null = not known, and left out. */
interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | null;
}

/** A gauge of the gateway that is read from the database. */
export interface GaugeSpec {
  readonly name: string;
  /** In plain words; shown beside the figure. */
  readonly help: string;
  readonly labelNames: readonly string[];
  samples(facts: PlatformFacts, nowMs: number): Sample[];
}

const states = ['good', 'unknown', 'bad'] as const;
const bounds = ['mean', 'low', 'high'] as const;
const phases = RolloutState.shape.phase.options;

/** The names of all gauges on models and rollouts, in one place. */
export const trustGauges: readonly GaugeSpec[] = [
  ofModel(
    'verdict_model_version',
    'Version of the model that serves; 0 = the built-in one',
    ({ champion }) => [sample(champion)],
  ),
  ofTrust(
    'verdict_model_precision',
    'Share of the judged anomalies that are real, with its 90 % interval; absent while none is judged',
    ({ quality }) => share(quality.precision),
    ['bound'],
  ),
  ofTrust(
    'verdict_model_recall',
    'Share of the real events known to people that were found, with its 90 % interval; absent while none is known',
    ({ quality }) => share(quality.recall),
    ['bound'],
  ),
  ofTrust(
    'verdict_model_label_coverage',
    'Share of the anomalies that somebody judged: the lower, the less precision and recall say',
    ({ quality }) => [sample(quality.labelCoverage)],
  ),
  ofTrust(
    'verdict_model_judged_anomalies',
    'Anomalies in the feedback window that somebody judged',
    ({ quality }) => [sample(quality.judged)],
  ),
  ofTrust(
    'verdict_model_missed_anomalies',
    'Events in the feedback window that people reported and no anomaly covers',
    ({ quality }) => [sample(quality.missed)],
  ),
  ofTrust(
    'verdict_model_confidence',
    '1 for the state of the confidence in the version that serves, 0 for the others',
    ({ confidence }) => states.map((state) => sample(confidence.state === state ? 1 : 0, { state })),
    ['state'],
  ),
  ofTrust(
    'verdict_model_confidence_share',
    'Weighted share of recent verdicts that support the version that serves, with its 90 % interval',
    ({ confidence }) => share(confidence),
    ['bound'],
  ),
  ofTrust(
    'verdict_model_sign',
    'What a sign that the model no longer fits shows now; absent while there is too little to say',
    ({ signs }) => signs.map(({ name, value }) => sample(value, { sign: name })),
    ['sign'],
  ),
  ofTrust(
    'verdict_model_sign_active',
    '1 when a sign says that the model no longer fits; two at once ask for a training',
    ({ signs }) => signs.map(({ name, active }) => sample(active ? 1 : 0, { sign: name })),
    ['sign'],
  ),
  ofTrust(
    'verdict_model_trust_age_seconds',
    'Time since trust in the model was last looked at; above a minute nobody looks any more',
    ({ at }, nowMs) => [sample(Math.max(0, (nowMs - Date.parse(at)) / 1000))],
  ),
  {
    name: 'verdict_rollout_phase',
    help: '1 for the phase of the rollout of the pool, 0 for the others',
    labelNames: ['namespace', 'pool', 'phase'],
    samples: ({ pools }) =>
      pools.flatMap(({ namespace, pool, phase }) =>
        phases.map((one) => sample(one === phase ? 1 : 0, { namespace, pool, phase: one })),
      ),
  },
];

function ofModel(
  name: string,
  help: string,
  samplesOf: (model: PlatformFacts['models'][number], nowMs: number) => Sample[],
  labelNames: readonly string[] = [],
): GaugeSpec {
  return {
    name,
    help,
    labelNames: ['namespace', 'model', ...labelNames],
    samples: ({ models }, nowMs) =>
      models.flatMap((model) =>
        samplesOf(model, nowMs).map(({ labels, value }) =>
          sample(value, { namespace: model.namespace, model: model.model, ...labels }),
        ),
      ),
  };
}

/** A gauge that is absent until trust in the model was looked at. */
function ofTrust(
  name: string,
  help: string,
  samplesOf: (trust: ModelTrust, nowMs: number) => Sample[],
  labelNames: readonly string[] = [],
): GaugeSpec {
  return ofModel(
    name,
    help,
    ({ trust }, nowMs) => (trust === null ? [] : samplesOf(trust, nowMs)),
    labelNames,
  );
}

function sample(value: number | null, labels: Readonly<Record<string, string>> = {}): Sample {
  return { labels, value };
}

function share(estimate: ShareEstimate | null): Sample[] {
  return bounds.map((bound) => sample(estimate?.[bound] ?? null, { bound }));
}
