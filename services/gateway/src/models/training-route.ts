import { randomUUID } from 'node:crypto';
import { ResourceName, TrainingAccepted, TrainingRequest } from '@verdict/contracts';
import { defineRoute, type Route } from '@verdict/process';
import type { VersionStore } from '@verdict/storage';
import { z } from 'zod';
import { findModel } from './find-model.ts';
import type { ModelDirectory } from './model-directory.ts';

/** `POST /models/{name}/trainings`: somebody asks for a training. */
export function trainingRoute(parts: { versions: VersionStore; directory: ModelDirectory }): Route {
  return defineRoute({
    method: 'post',
    path: '/models/{name}/trainings',
    tag: 'models',
    summary: 'Ask for a training now, whatever verdicts and signs say',
    description:
      'Answered when it is noted. One training runs at a time: while one does, the request waits its turn; a newer request replaces one that still waits. The training is listed under the id of the answer in `trainings` of `GET /models`.',
    roles: ['admin'],
    ratePerMinute: 60,
    params: z.strictObject({ name: ResourceName }),
    query: z.strictObject({ namespace: ResourceName.default('default') }),
    body: TrainingRequest,
    response: TrainingAccepted,
    status: 202,
    problems: { 404: 'There is no such model.' },
    handler: async ({ params, query }) => {
      const { namespace, name } = findModel(await parts.directory.current(), query.namespace, params.name);
      const triggerId = `asked-${randomUUID()}`;
      await parts.versions.askTraining(namespace, name, triggerId);
      return { triggerId };
    },
  });
}
