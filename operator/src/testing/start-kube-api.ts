import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectKube, type KubeConnection } from '../kube/connect-kube.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { compactEtcd } from './compact-etcd.ts';
import { type KubeApiPrograms, prepareKubeApi } from './kube-api-programs.ts';
import { kubeBinaries } from './kube-binaries.ts';
import { poll } from './poll.ts';

/** A real kube-apiserver with its own etcd, on 127.0.0.1. */
export interface KubeApi {
  readonly url: string;
  /** Of the administrator. */
  readonly token: string;
  /** KUBECONFIG of the administrator. */
  readonly kubeconfig: string;
  /** The administrator's client, without a rate limit. */
  readonly client: KubeClient;
  /** Of the person who is audited, and the file that gets a JSON line for each of that person's writes. */
  readonly auditedToken: string;
  readonly auditLog: string;
  /** For other programs that belong to a cluster, such as a controller manager. */
  readonly folder: string;
  readonly serviceAccountKeyFile: string;
  /** Writes a KUBECONFIG for another way to the same server (a proxy), or another person. */
  kubeconfigFor(name: string, options: { readonly server?: string; readonly token?: string }): string;
  /** Stops the API server; etcd keeps everything. With `kill` at once, otherwise in good order (at most 5 s). */
  stop(how?: 'kill'): Promise<void>;
  /** Starts it again on the same port and the same data; resolves when it is ready. */
  start(): Promise<void>;
  /** Forgets all versions but the present one, so that watches from old ones get 410. */
  compact(): Promise<void>;
  /** Loses all data, as after a restore from an old backup: versions begin anew. Running and ready afterwards. */
  wipe(): Promise<void>;
  /** Ends everything and removes the data. */
  close(): Promise<void>;
}

export interface KubeApiOptions {
  /** Check rights; default false. */
  readonly rbac?: boolean;
  /** Somebody beside the administrator, whose writes are logged. */
  readonly audited?: string;
}

/** Starts etcd and a kube-apiserver (some 4 s). Only where `kubeApiMissing` is false. */
export async function startKubeApi(options: KubeApiOptions = {}): Promise<KubeApi> {
  if (kubeBinaries === undefined) throw new Error('look at kubeApiMissing before startKubeApi');
  const folder = mkdtempSync(path.join(tmpdir(), 'verdict-kube-'));
  const { rbac = false, audited } = options;
  const programs = await prepareKubeApi({ binaries: kubeBinaries, folder, rbac, audited });
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  // For a test that ends without closing; the programs are killed by then.
  process.once('exit', removeFolder);
  const stopAll = async (): Promise<void> => {
    await programs.apiServer.stop(0);
    await programs.etcd.stop(0);
    process.off('exit', removeFolder);
    removeFolder();
  };
  let connection: KubeConnection;
  const kubeconfigFor: KubeApi['kubeconfigFor'] = (name, { server, token }) =>
    writeKubeconfig(path.join(folder, `${name}.kubeconfig`), programs, server, token);
  try {
    programs.etcd.start();
    programs.apiServer.start();
    await ready(programs);
    // A test's own hands are not held back.
    const rateLimit = { perSecond: 1e5, burst: 1e5 };
    connection = connectKube({ kubeconfig: kubeconfigFor('admin', {}), rateLimit });
  } catch (error) {
    await stopAll();
    throw error;
  }
  return {
    url: programs.apiUrl,
    token: programs.token,
    auditedToken: programs.auditedToken,
    auditLog: programs.auditLog,
    kubeconfig: path.join(folder, 'admin.kubeconfig'),
    client: connection.client,
    folder,
    serviceAccountKeyFile: programs.serviceAccountKeyFile,
    kubeconfigFor,
    stop: (how) => programs.apiServer.stop(how === 'kill' ? 0 : 5000),
    start: async () => {
      programs.apiServer.start();
      await ready(programs);
    },
    compact: () => compactEtcd(programs.etcdUrl),
    wipe: async () => {
      await programs.apiServer.stop(0);
      await programs.etcd.stop(0);
      rmSync(path.join(folder, 'etcd'), { recursive: true });
      programs.etcd.start();
      programs.apiServer.start();
      await ready(programs);
    },
    close: async () => {
      connection.close();
      await stopAll();
    },
  };
}

async function ready(programs: KubeApiPrograms): Promise<void> {
  await poll(
    'the API server to be ready',
    async () => {
      programs.etcd.assertRunning();
      programs.apiServer.assertRunning();
      return (await ask(programs, '/readyz')) === 200;
    },
    90_000,
  );
}

function ask({ apiUrl, caFile, token }: KubeApiPrograms, at: string): Promise<number> {
  const options = {
    ca: readFileSync(caFile),
    headers: { Authorization: `Bearer ${token}` },
    agent: false,
    timeout: 2000,
  };
  return new Promise((resolve, reject) => {
    const request = https.get(apiUrl + at, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('no answer')));
  });
}

/** JSON is YAML. */
function writeKubeconfig(file: string, programs: KubeApiPrograms, server?: string, token?: string): string {
  const plain = server?.startsWith('http:');
  const cluster = {
    server: server ?? programs.apiUrl,
    ...(plain ? { 'insecure-skip-tls-verify': true } : { 'certificate-authority': programs.caFile }),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token: token ?? programs.token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
