import { PruneRequest, PruneResult, ResourceName } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { BlobStore } from '@verdict/storage';
import { z } from 'zod';
import { findModel } from './find-model.ts';
import { modelFolder, type PruneParts, pruneVersions } from './prune-versions.ts';

/** What the routes of upkeep need. */
export interface UpkeepRouteParts extends PruneParts {
  /** Where artefacts lie; null = this gateway was not told. */
  readonly blobs: Pick<BlobStore, 'list' | 'delete'> | null;
}

const params = z.strictObject({ name: ResourceName });
const query = z.strictObject({ namespace: ResourceName.default('default') });
const Deleted = z.object({ namespace: ResourceName, name: ResourceName });
const noBlobs = 'This gateway was not told where artefacts lie (VERDICT_BLOBS_URL).';

/** What is kept no more: `POST /models/{name}/versions/prune`, `DELETE /models/{name}`, `DELETE /pools/{name}`. */
export function upkeepRoutes(parts: UpkeepRouteParts): Route[] {
  const { upkeep, directory } = parts;
  const artefacts = (): Pick<BlobStore, 'list' | 'delete'> => {
    if (parts.blobs === null) throw new HttpProblem(409, { detail: noBlobs });
    return parts.blobs;
  };
  return [
    defineRoute({
      method: 'post',
      path: '/models/{name}/versions/prune',
      tag: 'models',
      summary: 'Retire versions that nothing refers to, and delete the artefacts of those retired earlier',
      description:
        'Kept are: what plan, rollout, waiting commands and detectors name, what a restart would replay, candidates that are still to be tried, and the newest `keep`. A version loses its artefacts only at a later call than the one that retired it. What it was, and learnt, stays listed.',
      roles: ['service'],
      params,
      query,
      body: PruneRequest,
      response: PruneResult,
      problems: { 404: 'There is no such model.', 409: noBlobs },
      handler: async ({ params: { name }, query: { namespace }, body: { keep } }) => {
        const model = findModel(await directory.current(), namespace, name);
        return pruneVersions(parts, artefacts(), { model, keep });
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/models/{name}',
      tag: 'models',
      summary: 'Delete a model with its versions, trainings and trust, its artefacts, and its pools',
      description:
        'History, anomalies and verdicts stay as long as they would anyway, and version numbers go on from where they were. Fine if there is no such model.',
      roles: ['service'],
      params,
      query,
      response: Deleted,
      problems: { 409: 'Detectors serve it, or a training runs.' },
      handler: async ({ params: { name }, query: { namespace } }) => {
        const blobs = artefacts();
        const snapshots = await upkeep.deleteModel(namespace, name);
        directory.forget();
        // Rows first: what dies half-way leaves blobs that the next try finds by their folder.
        for (const blob of [...snapshots, ...(await blobs.list(modelFolder({ namespace, name })))])
          await blobs.delete(blob);
        return { namespace, name };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/pools/{name}',
      tag: 'pools',
      summary: 'Take back the declaration of a pool, with its plan, rollout, leases and figures',
      description: 'History and anomalies stay as long as they would anyway. Fine if there is no such pool.',
      roles: ['service'],
      params,
      query,
      response: Deleted,
      problems: { 409: 'Detectors serve it.' },
      handler: async ({ params: { name }, query: { namespace } }) => {
        const blobs = artefacts();
        for (const blob of await upkeep.deletePool(namespace, name)) await blobs.delete(blob);
        directory.forget();
        return { namespace, name };
      },
    }),
  ];
}
