import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { problemErrors, Resource } from '@verdict/contracts';
import { StartError } from '@verdict/process';
import { parseAllDocuments } from 'yaml';

/** Reads all manifests of a folder. Throws a `StartError` that names file and field of the first that is wrong. */
export async function readResources(folder: string): Promise<Resource[]> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new StartError(`The manifests in ${folder} cannot be read: ${error.message}`);
  });
  const resources: Resource[] = [];
  for (const name of names.filter((file) => /\.ya?ml$/.test(file)).sort()) {
    const file = path.join(folder, name);
    for (const document of parseAllDocuments(await readFile(file, 'utf8'))) {
      const syntax = document.errors?.[0];
      if (syntax) throw new StartError(`${file}: ${syntax.message}`);
      const parsed = Resource.safeParse(document.toJS());
      if (!parsed.success) {
        const first = problemErrors(parsed.error, 1)[0];
        throw new StartError(`${file}: ${first?.field || 'manifest'}: ${first?.message}`);
      }
      resources.push(parsed.data);
    }
  }
  assertPaired(resources, folder);
  return resources;
}

/** Every pool names a model that exists, and no two pools the same one. */
function assertPaired(resources: readonly Resource[], folder: string): void {
  const models = new Set(resources.filter(({ kind }) => kind === 'AnomalyModel').map(keyOf));
  const taken = new Map<string, string>();
  for (const resource of resources) {
    if (resource.kind !== 'DetectorPool') continue;
    const model = `${resource.metadata.namespace}/${resource.spec.model}`;
    if (!models.has(model))
      throw new StartError(`${folder}: pool ${keyOf(resource)} serves model ${model}, which is not there.`);
    const other = taken.get(model);
    if (other)
      throw new StartError(
        `${folder}: model ${model} is served by two pools, ${other} and ${keyOf(resource)}.`,
      );
    taken.set(model, keyOf(resource));
  }
}

function keyOf({ metadata }: Resource): string {
  return `${metadata.namespace}/${metadata.name}`;
}
