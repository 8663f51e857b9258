import { existsSync } from 'node:fs';
import path from 'node:path';
import { ChildProgram } from './child-program.ts';
import { kubeApiMissing, kubeBinaries } from './kube-binaries.ts';
import type { KubeApi } from './start-kube-api.ts';

const program = path.join(kubeBinaries ?? '', 'kube-controller-manager');

/** For `describe(title, { skip: controllersMissing }, …)`: false, or why there are no controllers. */
export const controllersMissing: string | false =
  kubeApiMissing || (!existsSync(program) && 'no kube-controller-manager beside kube-apiserver');

/**
 * Starts Kubernetes' own controllers, only the named ones: `garbage-collector-controller` collects what has lost its
 * owner, `job-controller` makes pods of Jobs, `deployment-controller` and `replicaset-controller` those of Deployments.
 * Nothing runs pods here. `flags` are further ones of kube-controller-manager's. The returned program must be stopped
 * before the API server is closed.
 */
export function startControllers(
  api: KubeApi,
  controllers: readonly string[],
  flags: readonly string[] = [],
): ChildProgram {
  const args = [
    `--kubeconfig=${api.kubeconfig}`,
    `--controllers=${controllers.join(',')}`,
    `--service-account-private-key-file=${api.serviceAccountKeyFile}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    '--secure-port=0',
    '--concurrent-gc-syncs=2',
    ...flags,
  ];
  const manager = new ChildProgram(program, args, path.join(api.folder, 'controllers.log'));
  manager.start();
  return manager;
}
