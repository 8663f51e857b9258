import { Comparison, ResourceName, VersionStateUpdate } from '@verdict/contracts';
import { anyRole, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { VersionStore } from '@verdict/storage';
import { z } from 'zod';

const params = z.strictObject({
  name: ResourceName,
  version: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});
const query = z.strictObject({ namespace: ResourceName.default('default') });

/** What belongs to one version: how it compares with the one it was judged against, and its state. */
export function versionRoutes(versions: VersionStore): Route[] {
  return [
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
