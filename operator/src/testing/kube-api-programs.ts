import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePorts } from '@verdict/storage/free-ports';
import { ChildProgram } from './child-program.ts';

export interface ProgramOptions {
  /** Folder of etcd and kube-apiserver. */
  readonly binaries: string;
  /** Folder for data, certificates and logs. */
  readonly folder: string;
  /** Check rights (`RBAC`); otherwise everybody who is known may do everything. */
  readonly rbac: boolean;
  /** A further person who may do everything, and whose writes are logged; undefined: nobody. */
  readonly audited: string | undefined;
}

/** Everything that makes an API server on 127.0.0.1, none of it started. */
export interface KubeApiPrograms {
  readonly etcd: ChildProgram;
  readonly apiServer: ChildProgram;
  readonly etcdUrl: string;
  readonly apiUrl: string;
  /** Of the administrator (group system:masters). */
  readonly token: string;
  /** Of the person who is audited; without one nobody's. */
  readonly auditedToken: string;
  /** One JSON line for each write of the person who is audited. */
  readonly auditLog: string;
  /** Written by the API server at its first start: its own certificate, to be trusted. */
  readonly caFile: string;
  /** Signs service-account tokens. */
  readonly serviceAccountKeyFile: string;
}

export async function prepareKubeApi(options: ProgramOptions): Promise<KubeApiPrograms> {
  const { binaries, folder, rbac, audited } = options;
  const [etcdPort, peerPort, apiPort] = await freePorts(3);
  const inFolder = (name: string): string => path.join(folder, name);
  mkdirSync(inFolder('pki'), { recursive: true });
  const token = randomBytes(16).toString('hex');
  const auditedToken = randomBytes(16).toString('hex');
  const people = [`${token},admin,admin,system:masters`];
  if (audited !== undefined) people.push(`${auditedToken},${audited},${audited},system:masters`);
  writeFileSync(inFolder('tokens.csv'), `${people.join('\n')}\n`, { mode: 0o600 });
  const auditLog = inFolder('audit.log');
  if (audited !== undefined) writeFileSync(inFolder('audit.json'), JSON.stringify(auditPolicy(audited)));
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const serviceAccountKeyFile = inFolder('pki/sa.key');
  writeFileSync(serviceAccountKeyFile, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(inFolder('pki/sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));

  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const etcdArgs = [
    `--data-dir=${inFolder('etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
  const apiUrl = `https://127.0.0.1:${apiPort}`;
  const apiArgs = [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${apiPort}`,
    `--cert-dir=${inFolder('pki')}`,
    `--token-auth-file=${inFolder('tokens.csv')}`,
    `--authorization-mode=${rbac ? 'RBAC' : 'AlwaysAllow'}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${inFolder('pki/sa.pub')}`,
    `--service-account-signing-key-file=${serviceAccountKeyFile}`,
    '--service-cluster-ip-range=198.18.0.0/24',
    // Nobody makes default service accounts here, and pods are not to wait for them.
    '--disable-admission-plugins=ServiceAccount',
    // Its own record of itself would only be in the way of a quick start and stop.
    '--endpoint-reconciler-type=none',
    '--shutdown-delay-duration=0',
    ...(audited === undefined
      ? []
      : [`--audit-policy-file=${inFolder('audit.json')}`, `--audit-log-path=${auditLog}`]),
  ];
  return {
    etcd: new ChildProgram(path.join(binaries, 'etcd'), etcdArgs, inFolder('etcd.log')),
    apiServer: new ChildProgram(path.join(binaries, 'kube-apiserver'), apiArgs, inFolder('apiserver.log')),
    etcdUrl,
    apiUrl,
    token,
    auditedToken,
    auditLog,
    caFile: inFolder('pki/apiserver.crt'),
    serviceAccountKeyFile,
  };
}

/** Every write of this person, without its content. */
function auditPolicy(user: string) {
  return {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived'],
    rules: [
      { level: 'Metadata', users: [user], verbs: ['create', 'update', 'patch', 'delete'] },
      { level: 'None' },
    ],
  };
}
