import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AnomalyModelResource, DetectorPoolResource } from '@verdict/contracts';
import { parseAllDocuments } from 'yaml';
import { root } from './checkout.ts';

/** Name of the model, its pool and the pool's consumer group in the sample. */
export const shop = 'shop';

/** What is judged at a time, and at how many failures a candidate is taken back. */
export const intervalSeconds = 10;
export const failureLimit = 2;

/** The sample of the shop, with less data to learn from and with a rollout that does not take minutes. */
export async function shopManifests(minimumReadings: number): Promise<readonly [object, object]> {
  const text = await readFile(path.join(root, 'manifests/samples/shop.yaml'), 'utf8');
  const [model, pool] = parseAllDocuments(text).map((document) => document.toJS() as Sample);
  if (!model || !pool) throw new Error('the sample of the shop has no model and pool any more');
  const shortModel = {
    ...model,
    spec: {
      ...model.spec,
      // So that nothing of it is left behind at the end.
      deletionPolicy: 'Delete',
      training: { ...model.spec.training, minimumReadings },
      feedback: { ...model.spec.feedback, minimumVerdicts: 25 },
    },
  };
  const shortPool = {
    ...pool,
    spec: {
      ...pool.spec,
      rollout: {
        shadowSeconds: 10,
        steps: [0.01, 0.5, 1].map((share) => ({ share, pauseSeconds: 10 })),
        analysis: { intervalSeconds, minimumReadings: 60, failureLimit, progressDeadlineSeconds: 90 },
      },
    },
  };
  // Said here, before the cluster says it in its own words.
  AnomalyModelResource.parse(shortModel);
  DetectorPoolResource.parse(shortPool);
  return [shortModel, shortPool];
}

interface Sample {
  readonly spec: { readonly training?: object; readonly feedback?: object };
}
