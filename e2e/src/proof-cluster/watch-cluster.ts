import { setTimeout as sleep } from 'node:timers/promises';
import type { Kube, KubeObject } from './kube.ts';

/** `status` of a model or pool, as far as it is looked at. */
export interface CustomStatus {
  readonly conditions?: readonly { type: string; status: string; reason: string; message: string }[];
  readonly activeVersion?: number;
  readonly candidate?: { version: number; text: string };
  readonly confidence?: { version: number; state: string; text: string; judged: number };
  readonly partitions?: number;
  readonly partitionsText?: string;
  readonly detectorsText?: string;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly rollout?: { phase: string; text: string; candidate?: number; aborted?: number[] };
}

export interface TrainingJob {
  readonly name: string;
  readonly trigger: string;
}

/** What was seen in the cluster over time. */
export interface ClusterWatch {
  readonly model: () => CustomStatus;
  readonly pool: () => CustomStatus;
  /** Every Job that ever was, by its uid. */
  readonly jobs: ReadonlyMap<string, TrainingJob>;
  /** Phases of rollouts in the order in which they were seen, such as `shadow 2`, `step 2`, `done`. */
  readonly phases: readonly string[];
  /** Moments at which somebody was told that the pool is not ready, after it first was. */
  readonly unready: readonly string[];
  /** Every detector that ever was, by its pod's uid, with its container's restarts. */
  readonly detectors: ReadonlyMap<string, { name: string; version: string; restarts: number }>;
  stop(): Promise<void>;
}

const everyMs = 700;
const selector = 'app.kubernetes.io/name in (verdict-detector,verdict-training)';

/** Looks again and again until it is stopped, and tells what changes. */
export function watchCluster(kube: Kube, name: string, tell: (line: string) => void): ClusterWatch {
  let model: CustomStatus = {};
  let pool: CustomStatus = {};
  const jobs = new Map<string, TrainingJob>();
  const detectors = new Map<string, { name: string; version: string; restarts: number }>();
  const phases: string[] = [];
  const unready: string[] = [];
  const told = new Map<string, string>();
  let wasReady = false;
  let stopping = false;

  const tellOnce = (topic: string, text: string): void => {
    if (told.get(topic) === text) return;
    told.set(topic, text);
    tell(`${topic}: ${text}`);
  };
  const look = async (): Promise<void> => {
    const [objects, ours] = await Promise.all([
      kube.list('anomalymodels,detectorpools'),
      kube.list('jobs,pods', [`--selector=${selector}`]),
    ]);
    for (const object of objects.filter(({ metadata }) => metadata.name === name)) {
      const status = (object.status ?? {}) as CustomStatus;
      if (object.kind === 'AnomalyModel') model = status;
      else pool = status;
    }
    for (const object of ours) note(object);
    const { confidence, candidate } = model;
    if (confidence)
      tellOnce('confidence', `in v${confidence.version} ${confidence.state}, ${confidence.text}`);
    if (candidate) tellOnce('candidate', candidate.text);
    const { rollout, partitionsText, detectorsText } = pool;
    if (rollout) {
      tellOnce('rollout', `${rollout.text}; partitions ${partitionsText}; detectors ${detectorsText}`);
      const phase = rollout.candidate === undefined ? rollout.phase : `${rollout.phase} ${rollout.candidate}`;
      if (phases.at(-1) !== phase) phases.push(phase);
    }
    const ready = pool.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status === 'True') wasReady = true;
    else if (wasReady && ready) {
      const text = `${ready.status} ${ready.reason}: ${ready.message}`;
      if (told.get('ready') !== text) unready.push(text);
    }
    if (ready) tellOnce('ready', `${ready.status} ${ready.reason}: ${ready.message}`);
  };
  const note = ({ kind, metadata, status }: KubeObject): void => {
    const { uid, name: named, labels, annotations } = metadata;
    if (kind === 'Job') {
      const trigger = annotations?.['verdict.dev/trigger'] ?? '';
      if (!jobs.has(uid)) tell(`Job ${named}: ${trigger}`);
      jobs.set(uid, { name: named, trigger });
      return;
    }
    const version = labels?.['verdict.dev/version'];
    if (version === undefined) return;
    const { containerStatuses = [] } = (status ?? {}) as {
      containerStatuses?: readonly { restartCount: number }[];
    };
    const restarts = containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
    detectors.set(uid, { name: named, version, restarts });
  };
  const live = async (): Promise<void> => {
    while (!stopping) {
      await look().catch((error: unknown) =>
        stopping ? undefined : tellOnce('trouble', `could not look: ${String(error)}`),
      );
      if (!stopping) await sleep(everyMs);
    }
  };
  const ended = live();
  return {
    model: () => model,
    pool: () => pool,
    jobs,
    phases,
    unready,
    detectors,
    async stop() {
      stopping = true;
      await ended;
    },
  };
}
