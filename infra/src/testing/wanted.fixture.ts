import type { RoleSentence } from '../policies/wanted-roles.ts';
import { guidOf } from './mock-graph.fixture.ts';

/** Whom the mocked principals belong to. */
export function principals(administrators: string): ReadonlyMap<string, string> {
  const identities = [
    ...['gateway', 'retrainer', 'detector', 'training'],
    ...['front-end', 'workers', 'cluster', 'kubelet', 'capture'],
  ];
  return new Map([
    ...identities.map((name) => [guidOf(`principal ${name}-identity`), name] as const),
    [guidOf('principal grafana'), 'grafana'],
    [administrators, 'administrators'],
  ]);
}

const always: RoleSentence[] = [
  'administrators: Key Vault Secrets Officer on id:vault',
  'administrators: AcrPush on id:registry',
];

const gateway = (who: string): RoleSentence[] => [
  `${who}: Azure Event Hubs Data Sender on id:data`,
  `${who}: Azure Event Hubs Data Sender on id:feedback`,
  `${who}: Storage Blob Data Contributor on id:verdict`,
  `${who}: Key Vault Secrets User on id:vault/secrets/signing-key`,
];

/** Every role that a stack with a cluster gives. */
export const kubernetesRoles: RoleSentence[] = [
  ...always,
  ...gateway('gateway'),
  'detector: Azure Event Hubs Data Receiver on id:data',
  'detector: Storage Blob Data Contributor on id:verdict',
  'retrainer: Azure Event Hubs Data Receiver on id:feedback',
  'training: Storage Blob Data Contributor on id:verdict',
  'cluster: Network Contributor on id:nodes',
  'cluster: Managed Identity Operator on id:kubelet-identity',
  'kubelet: AcrPull on id:registry',
  'grafana: Monitoring Data Reader on id:metrics',
  'administrators: Azure Kubernetes Service RBAC Cluster Admin on id:cluster',
  'administrators: Grafana Admin on id:grafana',
];

/** One more where events are captured. */
export const captureRoles: RoleSentence[] = ['capture: Storage Blob Data Contributor on id:capture'];

/** Every role that a stack with web apps gives. */
export const webAppsRoles: RoleSentence[] = [
  ...always,
  ...['gateway', 'front-end'].flatMap((who): RoleSentence[] => [
    ...gateway(who),
    `${who}: Key Vault Secrets User on id:vault/secrets/service-password`,
    `${who}: AcrPull on id:registry`,
  ]),
  'workers: Azure Event Hubs Data Receiver on id:data',
  'workers: Azure Event Hubs Data Receiver on id:feedback',
  'workers: Storage Blob Data Contributor on id:verdict',
  'workers: Key Vault Secrets User on id:vault/secrets/service-password',
  'workers: AcrPull on id:registry',
];
