import { ResourceName, TrustHistory, TrustQuery } from '@verdict/contracts';
import { anyRole, type Clock, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { TrustStore } from '@verdict/storage';
import { z } from 'zod';
import { findModel } from '../models/find-model.ts';
import type { ModelDirectory } from '../models/model-directory.ts';

const defaultRangeMs = 86_400_000;
const mostPoints = 1000;

/** `GET /models/{name}/trust`: how trust in a model went. */
export function trustRoute(parts: { trust: TrustStore; directory: ModelDirectory; clock: Clock }): Route {
  return defineRoute({
    method: 'get',
    path: '/models/{name}/trust',
    tag: 'models',
    summary: 'Confidence, precision and recall of a model over time',
    description:
      'The last 24 hours when nothing is said; 30 days are kept. More than 1,000 points are thinned out evenly.',
    roles: anyRole,
    params: z.strictObject({ name: ResourceName }),
    query: TrustQuery.extend({ namespace: ResourceName.default('default') }),
    response: TrustHistory,
    problems: { 404: 'There is no such model.' },
    handler: async ({ params, query }) => {
      const toMs = query.to === undefined ? parts.clock.nowMs() : Date.parse(query.to);
      const fromMs = query.from === undefined ? toMs - defaultRangeMs : Date.parse(query.from);
      if (fromMs > toMs)
        throw new HttpProblem(400, {
          detail: 'from lies after to.',
          errors: [{ field: 'from', message: 'must not lie after to' }],
        });
      const { namespace, name } = findModel(await parts.directory.current(), query.namespace, params.name);
      const range = { namespace, model: name, fromMs, toMs, limit: mostPoints };
      return { points: await parts.trust.history(range) };
    },
  });
}
