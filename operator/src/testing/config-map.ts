import type { V1ConfigMap } from '@kubernetes/client-node';
import type { KubeObjectOf } from '../kube/kube-object.ts';
import { resourceKind } from '../kube/resource-kind.ts';

/** The plainest object there is, for tests of what holds for all kinds. */
export type ConfigMap = KubeObjectOf<V1ConfigMap>;

export const configMapKind = resourceKind<ConfigMap>({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
});

export function configMap(name: string, data: Record<string, string> = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name }, data };
}
