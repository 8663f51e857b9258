import { AnomalyModelResource, ModelView, ResourceName } from '@verdict/contracts';
import { championOf } from '@verdict/lifecycle';
import { anyRole, type Clock, defineRoute, type Route } from '@verdict/process';
import type {
  AnomalyStore,
  HistoryStore,
  ModelRow,
  PlanStore,
  RegistryStore,
  RolloutStore,
  TrustStore,
  VersionStore,
} from '@verdict/storage';
import { z } from 'zod';
import { keptAnswer } from '../kept-answer.ts';
import { assertOwnName } from './assert-own-name.ts';
import { keyOf, type ModelDirectory } from './model-directory.ts';
import { modelView } from './model-view.ts';

/** What the routes of models need. */
export interface ModelRouteParts {
  readonly registry: RegistryStore;
  readonly plans: PlanStore;
  readonly anomalies: AnomalyStore;
  readonly history: HistoryStore;
  readonly rollouts: RolloutStore;
  readonly trust: TrustStore;
  readonly versions: VersionStore;
  readonly directory: ModelDirectory;
  readonly clock: Clock;
}

const trainingsShown = 20;
/** Counting looks at every anomaly there is, and models are asked for every other second. */
const countsKeptMs = 10_000;

/** `GET /models` and `PUT /models/{name}`. */
export function modelRoutes(parts: ModelRouteParts): Route[] {
  const { registry, directory, anomalies, clock } = parts;
  const counted = keptAnswer(() => anomalies.counts(), countsKeptMs, clock.monotonicMs);
  return [
    defineRoute({
      method: 'get',
      path: '/models',
      tag: 'models',
      summary: 'All models with versions, trainings and figures',
      description:
        'Of manifests only a summary, since many ask every second; `GET /models/{name}/versions/{version}` has the whole one.',
      roles: anyRole,
      response: z.object({ items: z.array(ModelView) }),
      handler: async () => ({ items: await modelViews(parts, counted.get) }),
    }),
    defineRoute({
      method: 'put',
      path: '/models/{name}',
      tag: 'models',
      summary: 'Declare a model (an AnomalyModel manifest)',
      // What a model is for, people may say too; how it fares, only our processes.
      roles: ['service', 'admin'],
      params: z.strictObject({ name: ResourceName }),
      body: AnomalyModelResource,
      response: AnomalyModelResource,
      handler: async ({ params, body }) => {
        const { metadata, spec } = body;
        assertOwnName(metadata, params.name);
        await registry.putModel({ namespace: metadata.namespace, name: metadata.name, spec });
        directory.forget();
        return body;
      },
    }),
  ];
}

async function modelViews(
  parts: ModelRouteParts,
  countAnomalies: AnomalyStore['counts'],
): Promise<ModelView[]> {
  const { registry, plans, history, directory, rollouts } = parts;
  const [known, readings, counts] = await Promise.all([
    directory.current(),
    history.counts(),
    countAnomalies(),
  ]);
  const view = async (model: ModelRow): Promise<ModelView> => {
    const { namespace, name } = model;
    const pool = known.poolKeyOfModel(keyOf(model));
    const [versions, trainings, trust, asked, state, served, rollout] = await Promise.all([
      parts.versions.summaries(namespace, name),
      registry.trainings(namespace, name, trainingsShown),
      parts.trust.get(namespace, name),
      parts.versions.asked(namespace, name),
      pool === null ? null : plans.poolState(pool),
      pool === null ? new Map<number, number>() : rollouts.servedSince(pool),
      pool === null ? null : rollouts.get(pool),
    ]);
    return modelView({
      model,
      versions,
      trainings,
      champion: championOf(state?.partitions.map(({ version }) => version) ?? [], rollout?.state ?? null),
      servedSinceMs: served,
      history: pool === null ? undefined : readings.get(pool),
      anomalies: counts.get(keyOf(model)),
      trust: trust?.trust ?? null,
      asked,
    });
  };
  return Promise.all(known.models.map(view));
}
