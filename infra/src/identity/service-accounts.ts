import type { StackConfig } from '../config/stack-config.ts';

/** Processes that speak to Azure, each as somebody else. The operator speaks to Kubernetes and the gateway alone. */
export const clusterProcesses = ['gateway', 'retrainer', 'detector', 'training'] as const;
export type ClusterProcess = (typeof clusterProcesses)[number];

/** A service account of charts/verdict. */
export interface ServiceAccount {
  readonly process: ClusterProcess;
  readonly namespace: string;
  readonly name: string;
  /** As tokens of it say who they are for. */
  readonly subject: string;
}

/** As the chart's `verdict.name` makes it of the release. */
function chartName(release: string): string {
  const name = release.includes('verdict') ? release : `${release}-verdict`;
  return name.slice(0, 40).replace(/-$/, '');
}

/** Namespaces with models and pools. */
export function servedNamespaces({
  namespaces,
  releaseNamespace,
}: NonNullable<StackConfig['kubernetes']>): string[] {
  return namespaces.length === 0 ? [releaseNamespace] : [...new Set(namespaces)].sort();
}

/** All that the chart makes for processes with an identity of Azure: two of the release, two per served namespace. */
export function serviceAccounts(kubernetes: NonNullable<StackConfig['kubernetes']>): ServiceAccount[] {
  const account = (process: ClusterProcess, namespace: string, name: string): ServiceAccount => ({
    process,
    namespace,
    name,
    subject: `system:serviceaccount:${namespace}:${name}`,
  });
  const name = chartName(kubernetes.release);
  return [
    account('gateway', kubernetes.releaseNamespace, `${name}-gateway`),
    account('retrainer', kubernetes.releaseNamespace, `${name}-retrainer`),
    ...servedNamespaces(kubernetes).flatMap((namespace) => [
      account('detector', namespace, 'verdict-detector'),
      account('training', namespace, 'verdict-training'),
    ]),
  ];
}
