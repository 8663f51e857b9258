import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { StartError } from '@verdict/process';

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Where the API server is and who we are, looked for as kubectl and controller-runtime do: the files of `KUBECONFIG`
 * (given as `kubeconfig`; several are merged), the service account of the pod, `~/.kube/config`. Throws `StartError`
 * when there is none of them, or one cannot be read.
 */
export function loadKubeConfig(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    const files = (kubeconfig ?? '').split(path.delimiter).filter((file) => file !== '');
    const home = path.join(homedir(), '.kube', 'config');
    if (files.length > 0) loadFiles(config, files);
    else if (existsSync(serviceAccountToken)) config.loadFromCluster();
    else if (existsSync(home)) config.loadFromFile(home);
    else
      throw new StartError('No Kubernetes cluster: set KUBECONFIG, or run in a pod with a service account.');
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`The Kubernetes configuration cannot be read: ${String(error)}`);
  }
  if (config.getCurrentCluster() === null)
    throw new StartError('The Kubernetes configuration names no current context with a cluster.');
  return config;
}

function loadFiles(config: KubeConfig, files: string[]): void {
  for (const [index, file] of files.entries()) {
    const one = index === 0 ? config : new KubeConfig();
    one.loadFromFile(file);
    if (one !== config) config.mergeConfig(one, true);
  }
}
