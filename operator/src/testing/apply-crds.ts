import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { V1CustomResourceDefinition } from '@kubernetes/client-node';
import { parseAllDocuments } from 'yaml';
import type { KubeClient } from '../kube/kube-client.ts';
import type { KubeObjectOf } from '../kube/kube-object.ts';
import { resourceKind } from '../kube/resource-kind.ts';
import { poll } from './poll.ts';

type Definition = KubeObjectOf<V1CustomResourceDefinition>;

const definitionKind = resourceKind<Definition>({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
});

const ours = path.join(import.meta.dirname, '../../../crds');

/** Applies every definition of a folder (default: our own) and waits until the server serves them all. */
export async function applyCrds(client: KubeClient, folder: string = ours): Promise<void> {
  const files = readdirSync(folder).filter((file) => /\.ya?ml$/.test(file));
  // Not by client-node's loadYaml: it renames fields (`default` to `_default`) for its own classes.
  const definitions = files.flatMap((file) =>
    parseAllDocuments(readFileSync(path.join(folder, file), 'utf8')).map((one) => one.toJS() as Definition),
  );
  for (const { metadata, spec } of definitions) {
    const { name = '', labels, annotations } = metadata;
    await client.serverSideApply(definitionKind, { metadata: { name, labels, annotations }, spec });
  }
  for (const { metadata, spec } of definitions) {
    const { name = '' } = metadata;
    await poll(`${name} to be established`, async () => {
      const known = await client.get(definitionKind, { name });
      return known?.status?.conditions?.some(
        ({ type, status }) => type === 'Established' && status === 'True',
      );
    });
    // Established is said a moment before the path is served everywhere.
    for (const version of spec.versions.filter(({ served }) => served)) {
      const kind = resourceKind({
        apiVersion: `${spec.group}/${version.name}`,
        kind: spec.names.kind,
        plural: spec.names.plural,
        namespaced: spec.scope === 'Namespaced',
      });
      await poll(`${name} to be served`, async () => (await client.list(kind)) !== undefined);
    }
  }
}
