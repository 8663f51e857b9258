import type { Kube, KubeObject } from './kube.ts';
import { ownObjects } from './place.ts';
import { releaseName } from './release.ts';

/** What Kubernetes puts into every namespace by itself, or keeps for a while as a log. */
const everywhere = /^(ConfigMap\/kube-root-ca\.crt|ServiceAccount\/default|Event\/.*)$/;
/** What an uninstallation keeps on purpose: the data can be read with it alone, and nobody's session ends. */
const kept = [`Secret/${releaseName}-embedded`, `Secret/${releaseName}-gateway-signing`];

/** Everything that the operator made for models and pools. */
export async function operatorsObjects(kube: Kube): Promise<string[]> {
  const names = await kube.list('deployments,jobs,pods,services,poddisruptionbudgets', [
    '--selector=app.kubernetes.io/name in (verdict-detector,verdict-training)',
  ]);
  return names.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

/** All that is in the namespace and belongs neither to Kubernetes nor to us, nor is kept on purpose. */
export async function leftInNamespace(kube: Kube): Promise<string[]> {
  const text = await kube.text(['api-resources', '--namespaced', '--verbs=list', '--output=name']);
  // Events come in two forms, and metrics are no objects.
  const kinds = text.split('\n').filter((name) => name !== '' && !/^events|metrics\.k8s\.io$/.test(name));
  const objects = await kube.list(kinds.join(','));
  const expected = new Set([...ownObjects, ...kept]);
  return objects
    .filter((object) => !isOperatorsOwnLease(object))
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .filter((name) => !everywhere.test(name) && !expected.has(name));
}

/** A release that began with a chart without the Lease: its operator made one itself, and Helm takes over nothing. */
function isOperatorsOwnLease({ kind, metadata }: KubeObject): boolean {
  return kind === 'Lease' && metadata.labels?.['app.kubernetes.io/managed-by'] === undefined;
}

/** Names of cluster-wide objects that carry the release's label, CRDs apart. */
export async function leftInCluster(kube: Kube): Promise<string[]> {
  const kinds =
    'clusterroles,clusterrolebindings,priorityclasses,validatingwebhookconfigurations,mutatingwebhookconfigurations';
  const objects = await kube.list(kinds, [`--selector=app.kubernetes.io/instance=${releaseName}`]);
  return objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}
