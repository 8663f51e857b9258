import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

const root = path.join(import.meta.dirname, '../../..');

/** A document of a manifest, as it was written. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: 'AnomalyModel' | 'DetectorPool';
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, unknown>;
}

/** A manifest that must be refused. */
export interface InvalidManifest {
  readonly file: string;
  readonly manifest: Manifest;
  /** What the answer must have in it; the first one says where. */
  readonly words: readonly string[];
}

/** A node of an OpenAPI schema, as far as it is looked at here. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message?: string }[];
  readonly [more: string]: unknown;
}

/** The part of a CRD that is looked at here. */
export interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: SchemaNode };
    }[];
  };
}

/** Every sample, those in folders too, each with the file that it is in. */
export function sampleManifests(): { file: string; manifest: Manifest }[] {
  return yamlFiles('manifests/samples').flatMap((file) =>
    documents<Manifest>(file).map((manifest) => ({ file, manifest })),
  );
}

/** Every manifest that must be refused, with the words that its first line promises. */
export function invalidManifests(): InvalidManifest[] {
  return yamlFiles('manifests/invalid').map((file) => {
    const first = readFileSync(path.join(root, file), 'utf8').split('\n', 1)[0] ?? '';
    const words = /^# .+\. Refused with: (.+)$/.exec(first)?.[1]?.split('; ') ?? [];
    const [manifest, ...more] = documents<Manifest>(file);
    if (words.length === 0) throw new Error(`${file}: its first line does not say what it is refused with`);
    if (manifest === undefined || more.length > 0) throw new Error(`${file}: one document is expected`);
    return { file, manifest, words };
  });
}

/** Both CRDs, by kind. */
export function crds(): Record<Manifest['kind'], Crd> {
  const [model] = documents<Crd>('crds/anomalymodels.verdict.dev.yaml');
  const [pool] = documents<Crd>('crds/detectorpools.verdict.dev.yaml');
  if (model === undefined || pool === undefined) throw new Error('a CRD is empty');
  return { AnomalyModel: model, DetectorPool: pool };
}

/** The schema of a CRD's one version. */
export function schemaOf(crd: Crd): SchemaNode {
  const [version] = crd.spec.versions;
  if (version === undefined) throw new Error(`${crd.metadata.name} has no version`);
  return version.schema.openAPIV3Schema;
}

/** What lies in a schema by names of properties; `[]` is what a list consists of, `{}` what a map does. */
export function* schemaNodes(node: SchemaNode, at = ''): Generator<[string, SchemaNode]> {
  yield [at, node];
  for (const [name, child] of Object.entries(node.properties ?? {}))
    yield* schemaNodes(child, `${at}.${name}`);
  if (node.items) yield* schemaNodes(node.items, `${at}[]`);
  if (typeof node.additionalProperties === 'object') yield* schemaNodes(node.additionalProperties, `${at}{}`);
}

function yamlFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => path.join(folder, file));
}

function documents<T>(file: string): T[] {
  return parseAllDocuments(readFileSync(path.join(root, file), 'utf8')).map((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`${file}: ${error.message}`);
    return document.toJS() as T;
  });
}
