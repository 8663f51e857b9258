import type { V1Lease } from '@kubernetes/client-node';
import type { KubeObjectOf } from './kube-object.ts';
import { resourceKind } from './resource-kind.ts';

export type Lease = KubeObjectOf<V1Lease>;

export const leaseKind = resourceKind<Lease>({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
});
