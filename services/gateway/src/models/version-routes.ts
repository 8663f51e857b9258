import { Comparison, ModelVersionDetail, ResourceName, VersionStateUpdate } from '@verdict/contracts';
import { anyRole, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { RegistryStore, RolloutStore, VersionStore } from '@verdict/storage';
import { z } from 'zod';
import { findModel } from './find-model.ts';
import { keyOf, type ModelDirectory } from './model-directory.ts';
import { versionView } from './model-view.ts';

const params = z.strictObject({
  name: ResourceName,
  version: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});
const query = z.strictObject({ namespace: ResourceName.default('default') });

/** What the routes of versions need. */
export interface VersionRouteParts {
  readonly registry: RegistryStore;
  readonly rollouts: RolloutStore;
  readonly versions: VersionStore;
  readonly directory: ModelDirectory;
}

/** What belongs to one version: what it is made of, how it compares with the one it was judged against, and its state. */
export function versionRoutes(parts: VersionRouteParts): Route[] {
  const { registry, rollouts, versions, directory } = parts;
  return [
    defineRoute({
      method: 'get',
      path: '/models/{name}/versions/{version}',
      tag: 'models',
      summary: 'A version with its whole manifest',
      roles: anyRole,
      params,
      query,
      response: ModelVersionDetail,
      problems: { 404: 'There is no such version; version 0 is built in and has no manifest.' },
      handler: async ({ params: { name, version }, query: { namespace } }) => {
        const known = await directory.current();
        const pool = known.poolKeyOfModel(keyOf(findModel(known, namespace, name)));
        const [rows, served] = await Promise.all([
          registry.versions(namespace, name),
          pool === null ? new Map<number, number>() : rollouts.servedSince(pool),
        ]);
        const row = rows.find((one) => one.version === version);
        if (row === undefined)
          throw new HttpProblem(404, { detail: `Model ${name} has no version ${version} in the registry.` });
        return versionView(row, served);
      },
    }),
    defineRoute({
      method: 'get',
      path: '/models/{name}/versions/{version}/comparison',
      tag: 'models',
      summary: 'A version beside the champion that it was judged against, on the same series',
      roles: anyRole,
      params,
      query,
      response: Comparison,
      problems: { 404: 'There is no such version, or it was never compared.' },
      handler: async ({ params: { name, version }, query: { namespace } }) => {
        const comparison = await versions.comparison(namespace, name, version);
        if (comparison === null)
          throw new HttpProblem(404, { detail: `There is no comparison of version ${version} of ${name}.` });
        return comparison;
      },
    }),
    defineRoute({
      method: 'put',
      path: '/models/{name}/versions/{version}/state',
      tag: 'models',
      summary: 'Note how a version fared',
      roles: ['service'],
      params,
      query,
      body: VersionStateUpdate,
      response: VersionStateUpdate,
      problems: { 404: 'There is no such version; version 0 is built in and has no state.' },
      handler: async ({ params: { name, version }, query: { namespace }, body }) => {
        if (!(await versions.setState(namespace, name, version, body.state)))
          throw new HttpProblem(404, { detail: `Model ${name} has no version ${version} in the registry.` });
        return body;
      },
    }),
  ];
}
