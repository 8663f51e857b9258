import type { ModelView, PoolView, TrainingRunView } from '@verdict/contracts';
import { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import { annotation } from '../../resources/labels.ts';
import { modelObject, settings } from '../../resources/objects.fixture.ts';
import { trainingJob } from '../../resources/training-job.ts';
import type { ModelFacts, TrainingJobObject } from './model-facts.ts';

export const nowMs = Date.parse('2026-03-10T12:30:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();

/** A record of a training. */
export function run(
  triggerId: string,
  state: TrainingRunView['state'],
  more: Partial<TrainingRunView> = {},
): TrainingRunView {
  const endedAt = state === 'running' ? null : iso(nowMs - 60_000);
  const version = state === 'succeeded' ? 3 : null;
  return { triggerId, state, startedAt: iso(nowMs - 600_000), endedAt, version, message: '', ...more };
}

/** The Job of a trigger; with an end it has ended. */
export function job(
  triggerId: string,
  end?: 'Complete' | 'Failed',
  { reason = 'PodFailurePolicy', agoMs = 30_000 } = {},
): TrainingJobObject {
  const built = trainingJob({
    ...modelObject(),
    trigger: { triggerId, reason: 'somebody wanted it' },
    settings,
  });
  const at = iso(nowMs - agoMs);
  const ended = {
    type: end ?? '',
    status: 'True',
    lastTransitionTime: at,
    lastProbeTime: at,
    reason,
    message: '',
  };
  const status = end ? { conditions: [ended] } : { active: 1, ready: 1 };
  const metadata = { ...built.metadata, uid: `uid-of-${triggerId}`, creationTimestamp: iso(nowMs - 600_000) };
  return { ...built, metadata, status } as TrainingJobObject;
}

interface FactsChange {
  readonly view?: Partial<ModelView>;
  readonly pool?: PoolView | null;
  readonly jobs?: readonly TrainingJobObject[];
  readonly spec?: Parameters<typeof modelObject>[0];
  readonly retrain?: string;
  readonly status?: ModelFacts['owner']['status'];
  readonly usedTriggers?: ReadonlySet<string>;
}

/** A model whose version 3 serves a pool, and nothing to do. */
export async function factsOf(change: FactsChange = {}): Promise<ModelFacts> {
  const { owner, spec } = modelObject({ training: { minimumReadings: 1000 }, ...change.spec });
  const platform = new InMemoryPlatform({ nowMs: () => nowMs });
  const name = { namespace: 'team-a', name: 'shop-model' };
  await platform.putModel(name, spec);
  platform.addServedPool(name.namespace, name.name);
  const version = { version: 3, state: 'accepted', createdAt: iso(nowMs - 1e7), manifest: null } as const;
  const evaluation = {
    accepted: true,
    reasons: ['found 20 of 20 events'],
    candidate: {},
    baselineVersion: 0,
    baseline: {},
  };
  const view: ModelView = {
    ...platform.model(name.namespace, name.name),
    champion: 3,
    readings: 5000,
    versions: [{ ...version, evaluation, servesSince: iso(nowMs - 1e6) }],
    trainings: [run('history-0', 'succeeded')],
    ...change.view,
  };
  const [pool = null] = await platform.pools(name.namespace);
  const { retrain } = change;
  const annotations: Record<string, string> = retrain === undefined ? {} : { [annotation.retrain]: retrain };
  return {
    owner: { ...owner, metadata: { ...owner.metadata, annotations }, status: change.status },
    spec,
    view,
    pool: change.pool === undefined ? pool : change.pool,
    jobs: change.jobs ?? [],
    nowMs,
    usedTriggers: change.usedTriggers ?? new Set(),
  };
}
