import { ResourceName, TrainingRecordUpdate, TrainingRunView } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { RegistryStore } from '@verdict/storage';
import { z } from 'zod';
import { findModel } from './find-model.ts';
import type { ModelDirectory } from './model-directory.ts';

/** `PUT /models/{name}/trainings/{triggerId}`: whoever runs trainings records one before its job starts. */
export function trainingRecordRoute(parts: { registry: RegistryStore; directory: ModelDirectory }): Route {
  const { registry, directory } = parts;
  return defineRoute({
    method: 'put',
    path: '/models/{name}/trainings/{triggerId}',
    tag: 'models',
    summary: 'Record that a training begins, or that its job failed without a word',
    description:
      'Answered with the record as it stands: a training that is recorded already stays as it is, and the first end counts. So doing it twice is harmless, and an answer that has ended means that the id was used before.',
    roles: ['service'],
    params: z.strictObject({ name: ResourceName, triggerId: z.string().min(1).max(200) }),
    query: z.strictObject({ namespace: ResourceName.default('default') }),
    body: TrainingRecordUpdate,
    response: TrainingRunView,
    problems: { 404: 'There is no such model, or the training that failed never began.' },
    handler: async ({ params: { name, triggerId }, query: { namespace }, body }) => {
      findModel(await directory.current(), namespace, name);
      const run = { namespace, model: name, triggerId };
      if (body.state === 'running') await registry.beginTraining(run);
      else if (await registry.training(namespace, name, triggerId))
        await registry.endTraining({ ...run, state: 'failed', version: null, message: body.message });
      const record = await registry.training(namespace, name, triggerId);
      if (record === null)
        throw new HttpProblem(404, { detail: `The training ${triggerId} of model ${name} never began.` });
      return record;
    },
  });
}
