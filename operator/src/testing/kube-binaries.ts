import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const howTo = `
************************************************************************************************
* No kube-apiserver: tests that need a real one are skipped, and nothing can be measured on one.
* It takes the programs etcd and kube-apiserver:
*   KUBEBUILDER_ASSETS=<folder that has them>    (setup-envtest use -p path)
*   VERDICT_CLUSTER=<cluster command>            ("$VERDICT_CLUSTER" bin prints the folder)
************************************************************************************************`;

/** Where etcd and kube-apiserver lie, or undefined when nobody said. An error if somebody did and they are not there. */
async function findKubeBinaries(): Promise<string | undefined> {
  const { KUBEBUILDER_ASSETS: assets, VERDICT_CLUSTER: cluster } = process.env;
  if (assets) return checked(assets, 'KUBEBUILDER_ASSETS');
  if (!cluster) return undefined;
  const { stdout } = await promisify(execFile)(cluster, ['bin'], { timeout: 60_000 });
  return checked(stdout.trim(), `"${cluster} bin" (build them first: "${cluster} build")`);
}

function checked(folder: string, from: string): string {
  for (const name of ['etcd', 'kube-apiserver'])
    if (!existsSync(path.join(folder, name)))
      throw new Error(`there is no ${name} in ${folder}, named by ${from}`);
  return path.resolve(folder);
}

/** The folder of the programs; undefined: the tests that need them are skipped, which was said loudly. */
export const kubeBinaries: string | undefined = await findKubeBinaries();

/** For `describe(title, { skip: kubeApiMissing }, …)`: false, or why there is no API server. */
export const kubeApiMissing: string | false =
  kubeBinaries === undefined && 'no etcd and kube-apiserver: set KUBEBUILDER_ASSETS or VERDICT_CLUSTER';

if (kubeApiMissing !== false) console.error(howTo);
