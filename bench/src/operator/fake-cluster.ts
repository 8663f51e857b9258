import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  applyCrds,
  ChildProgram,
  type KubeApi,
  type KubeObject,
  kubeBinaries,
  resourceKind,
  startControllers,
  startKubeApi,
} from '@verdict/operator/testing';

/** Who the operator is at the API server; all that it writes is logged. */
export const operatorName = 'verdict-operator';

/** A control plane whose nodes are played by kwok. */
export interface FakeCluster {
  readonly api: KubeApi;
  /** Throws, with the end of its output, when a program has ended. */
  assertRunning(): void;
  close(): Promise<void>;
}

const nodeKind = resourceKind<KubeObject & { spec?: object; status?: object }>({
  apiVersion: 'v1',
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
});

/** Their defaults, 20 to 50 requests a second, would be what is measured. */
const rate = { qps: 1000, burst: 2000 };

/** Starts etcd, kube-apiserver, the controllers of Deployments, the scheduler and kwok, with so many nodes. */
export async function startFakeCluster(nodes: number): Promise<FakeCluster> {
  const api = await startKubeApi({ audited: operatorName });
  const started: ChildProgram[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((one) => one.stop(2000)));
    await api.close();
  };
  try {
    await applyCrds(api.client);
    const flags = [
      `--kube-api-qps=${rate.qps}`,
      `--kube-api-burst=${rate.burst}`,
      '--concurrent-deployment-syncs=5',
      '--concurrent-replicaset-syncs=5',
    ];
    started.push(startControllers(api, ['deployment-controller', 'replicaset-controller'], flags));
    for (const program of [scheduler(api), kwok(api)]) {
      program.start();
      started.push(program);
    }
    for (let index = 0; index < nodes; index++) {
      const node = await api.client.create(nodeKind, fakeNode(`fake-${index}`));
      // New nodes are tainted until a controller has seen them ready; none of those is to judge nodes here.
      await api.client.serverSideApply(nodeKind, {
        metadata: { name: node.metadata.name ?? '' },
        spec: { taints: [] },
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { api, close, assertRunning: () => started.forEach((one) => void one.assertRunning()) };
}

function scheduler(api: KubeApi): ChildProgram {
  const file = path.join(api.folder, 'scheduler.json');
  const configuration = {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig: api.kubeconfig, ...rate },
    leaderElection: { leaderElect: false },
  };
  writeFileSync(file, JSON.stringify(configuration));
  const args = [`--config=${file}`, '--bind-address=127.0.0.1', '--secure-port=0'];
  return program('kube-scheduler', args, api);
}

function kwok(api: KubeApi): ChildProgram {
  const args = [`--kubeconfig=${api.kubeconfig}`, '--manage-all-nodes', '--node-lease-duration-seconds=200'];
  return program('kwok', args, api);
}

function program(name: string, args: readonly string[], { folder }: KubeApi): ChildProgram {
  return new ChildProgram(path.join(kubeBinaries ?? '', name), args, path.join(folder, `${name}.log`));
}

function fakeNode(name: string): KubeObject & { status: object } {
  const resources = { cpu: '1000', memory: '4Ti', pods: '1000' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', type: 'kwok' },
    },
    status: { allocatable: resources, capacity: resources },
  };
}
