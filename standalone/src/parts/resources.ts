import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type DetectorPoolResource, problemErrors, Resource } from '@verdict/contracts';
import { StartError } from '@verdict/process';
import { type Document, parseAllDocuments } from 'yaml';

/**
 * Reads all manifests of a folder. Throws a `StartError` that names file and field of the first that is wrong, or
 * says how they do not fit together.
 */
export async function readResources(folder: string): Promise<Resource[]> {
  const unreadable = (what: string) => (error: Error) => {
    throw new StartError(`${what} cannot be read: ${error.message}`);
  };
  const names = await readdir(folder).catch(unreadable(`The manifests in ${folder}`));
  const resources: Resource[] = [];
  for (const name of names.filter((file) => /\.ya?ml$/.test(file)).sort()) {
    const file = path.join(folder, name);
    for (const document of parseAllDocuments(await readFile(file, 'utf8').catch(unreadable(file)))) {
      const value = readDocument(document, file);
      // Nothing between two lines of dashes, as kubectl has it too.
      if (value === null) continue;
      const parsed = Resource.safeParse(value);
      if (!parsed.success) {
        const first = problemErrors(parsed.error, 1)[0];
        throw new StartError(`${file}: ${first?.field || 'manifest'}: ${first?.message}`);
      }
      resources.push(parsed.data);
    }
  }
  if (resources.length === 0) throw new StartError(`There are no manifests (*.yaml) in ${folder}.`);
  assertFitting(resources, folder);
  return resources;
}

function readDocument(document: Document.Parsed | Document, file: string): unknown {
  const syntax = document.errors[0];
  if (syntax) throw new StartError(`${file}: ${syntax.message}`);
  try {
    return document.toJS();
  } catch (error) {
    // References to nothing, or to far too much.
    throw new StartError(`${file}: ${(error as Error).message}`);
  }
}

/** Names are used once, every pool serves a model that exists, and no two pools share a model or a consumer group. */
function assertFitting(resources: readonly Resource[], folder: string): void {
  const known = new Set<string>();
  for (const { kind, metadata } of resources) {
    const key = `${kind} ${metadata.namespace}/${metadata.name}`;
    if (known.has(key)) throw new StartError(`${folder}: ${key} is there twice.`);
    known.add(key);
  }
  const models = new Map<string, string>();
  const groups = new Map<string, string>();
  for (const pool of resources) {
    if (pool.kind !== 'DetectorPool') continue;
    const { name, namespace } = pool.metadata;
    const key = `${namespace}/${name}`;
    const model = modelOf(pool);
    if (!known.has(`AnomalyModel ${model}`))
      throw new StartError(`${folder}: pool ${key} serves model ${model}, which is not there.`);
    takeOnce(models, model, key, (other) => `model ${model} is served by two pools, ${other} and ${key}.`);
    // Each would take the partitions away from the other, for ever.
    const group = pool.spec.consumerGroup;
    takeOnce(
      groups,
      group,
      key,
      (other) => `consumer group ${group} is used by two pools, ${other} and ${key}.`,
    );
  }

  function takeOnce(
    taken: Map<string, string>,
    what: string,
    by: string,
    sentence: (other: string) => string,
  ): void {
    const other = taken.get(what);
    if (other) throw new StartError(`${folder}: ${sentence(other)}`);
    taken.set(what, by);
  }
}

function modelOf({ metadata, spec }: DetectorPoolResource): string {
  return `${metadata.namespace}/${spec.model}`;
}
