import { objectNames } from './aks-values.ts';
import type { KubernetesFacts } from './facts.ts';

/** Key Vault's secret as a Secret of the gateway's namespace, fetched as the gateway: nobody else may read it. */
function signingKey(facts: KubernetesFacts) {
  return {
    apiVersion: 'secrets-store.csi.x-k8s.io/v1',
    kind: 'SecretProviderClass',
    metadata: { name: objectNames.vault, namespace: facts.releaseNamespace },
    spec: {
      provider: 'azure',
      parameters: {
        keyvaultName: facts.vaultName,
        tenantId: facts.tenantId,
        clientID: facts.identities.gateway.clientId,
        usePodIdentity: 'false',
        objects: `array:\n  - |\n    objectName: ${facts.signingKeySecret}\n    objectType: secret\n`,
      },
      secretObjects: [
        {
          secretName: objectNames.signingKey,
          type: 'Opaque',
          data: [{ objectName: facts.signingKeySecret, key: 'key' }],
        },
      ],
    },
  };
}

/** Tells the managed Prometheus agents to scrape annotated pods of our namespaces. */
function scraping(namespaces: readonly string[]) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'ama-metrics-settings-configmap', namespace: 'kube-system' },
    data: {
      'schema-version': 'v1',
      'config-version': 'ver1',
      'pod-annotation-based-scraping': `podannotationnamespaceregex = "^(${namespaces.join('|')})$"\n`,
    },
  };
}

/** What must be in the cluster before the chart is installed. */
export function aksObjects(facts: KubernetesFacts) {
  const namespaces = [...new Set([facts.releaseNamespace, ...facts.namespaces])];
  return [
    ...namespaces.map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    })),
    signingKey(facts),
    scraping(namespaces),
  ];
}
