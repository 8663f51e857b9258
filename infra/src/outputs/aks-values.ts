import type { IdentityFacts, KubernetesFacts } from './facts.ts';

/** Names of Kubernetes objects that `aksObjects` makes and these values name. */
export const objectNames = {
  signingKey: 'verdict-signing-key',
  vault: 'verdict-signing-key',
};

const serviceAccount = ({ clientId }: IdentityFacts) => ({
  annotations: { 'azure.workload.identity/client-id': clientId },
});

/** The managed agents scrape pods that say so. */
const podAnnotations = {
  'prometheus.io/scrape': 'true',
  'prometheus.io/port': '8080',
  'prometheus.io/path': '/metrics',
};

/**
 * What the chart's values-aks.yaml leaves open, for this stack: `helm install -f values-aks.yaml -f` these.
 * Addresses and client ids, no keys: there are none.
 */
export function aksValues(facts: KubernetesFacts) {
  const { identities } = facts;
  return {
    namespaces: facts.namespaces,
    image: { registry: facts.registry },
    database: {
      urls: {
        gateway: identities.gateway.databaseUrl,
        retrainer: identities.retrainer.databaseUrl,
        detector: identities.detector.databaseUrl,
        training: identities.training.databaseUrl,
      },
    },
    eventHubs: { namespace: facts.eventHubsNamespace },
    blobs: { url: facts.blobsUrl },
    cluster: { issuer: facts.issuer, jwksUrl: '' },
    workloadIdentity: { enabled: true },
    gateway: {
      signingKeySecret: objectNames.signingKey,
      ...(facts.oidc !== null && { oidc: { ...facts.oidc, workloadIdentity: true } }),
      serviceAccount: serviceAccount(identities.gateway),
      podAnnotations,
      // The Secret with the signing key is there while some pod has the vault mounted.
      extraVolumes: [
        {
          name: 'signing-key-vault',
          csi: {
            driver: 'secrets-store.csi.k8s.io',
            readOnly: true,
            volumeAttributes: { secretProviderClass: objectNames.vault },
          },
        },
      ],
      extraVolumeMounts: [{ name: 'signing-key-vault', mountPath: '/mnt/signing-key-vault', readOnly: true }],
    },
    retrainer: { serviceAccount: serviceAccount(identities.retrainer), podAnnotations },
    operator: { podAnnotations },
    workloads: {
      serviceAccounts: {
        detector: { name: 'verdict-detector', ...serviceAccount(identities.detector) },
        retrainer: { name: 'verdict-training', ...serviceAccount(identities.training) },
      },
    },
    ...(facts.host !== '' && {
      ingress: { enabled: true, host: facts.host, tlsSecret: 'verdict-tls' },
    }),
  };
}
