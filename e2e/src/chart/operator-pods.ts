import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './helm.ts';

/** A module of a process: processes are no packages, and are known here by their files alone. */
export const load = (file: string) => import(pathToFileURL(path.join(root, file)).href);

/** The settings that the chart gives the operator, as the operator reads them. */
export async function toldSettings(objects: readonly { readonly data?: Readonly<Record<string, string>> }[]) {
  const told = objects.find(({ data }) => data?.['settings.json'] !== undefined)?.data?.['settings.json'];
  const { SettingsFile } = await load('operator/src/read-settings.ts');
  return SettingsFile.parse(JSON.parse(told ?? ''));
}

/** The pods that the operator makes by these objects of the chart: of a detector, and of a training. */
export async function podsOfOperator(objects: Parameters<typeof toldSettings>[0]) {
  const settings = await toldSettings(objects);
  const { poolObject, modelObject } = await load('operator/src/resources/objects.fixture.ts');
  const { detectorDeployment } = await load('operator/src/resources/detector-deployment.ts');
  const { trainingJob } = await load('operator/src/resources/training-job.ts');
  const detector = detectorDeployment({ ...poolObject(), version: 1, replicas: 1, settings });
  const trigger = { triggerId: 'asked-1', reason: 'asked' };
  const training = trainingJob({ ...modelObject(), trigger, settings });
  return { detector: detector.spec.template.spec, training: training.spec.template.spec };
}
