import { HttpProblem } from '@verdict/process';
import type { ModelRow } from '@verdict/storage';
import type { Directory } from './model-directory.ts';

/** The model of a name. @throws HttpProblem 404 when there is none. */
export function findModel(directory: Directory, namespace: string, name: string): ModelRow {
  const model = directory.models.find((row) => row.namespace === namespace && row.name === name);
  if (model === undefined)
    throw new HttpProblem(404, { detail: `There is no model ${name} in namespace ${namespace}.` });
  return model;
}
