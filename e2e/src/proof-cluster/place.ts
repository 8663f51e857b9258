import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writePeople } from '../proof-loop/people.ts';
import type { Kube } from './kube.ts';

/** Claims that the chart is given: for the two embedded parts that keep data, and for blobs. */
export const claims = ['postgres', 'event-hubs', 'blobs'] as const;
export const usersSecret = 'e2e-users';
export const adminName = 'admin';

/** Where the release is installed, with what it finds there. */
export interface Place {
  readonly adminPassword: string;
  /** Removes the namespace with all that is in it, and the volumes. */
  remove(): Promise<void>;
}

/** What stays with us of the namespace until the end, beside what the chart keeps. */
export const ownObjects = [
  `Secret/${usersSecret}`,
  ...claims.map((claim) => `PersistentVolumeClaim/${claim}`),
];

/**
 * Makes a namespace under the strictest PodSecurity, people's accounts, and claims. Where the cluster makes no volumes
 * by itself, they are folders of this machine: its one node then must be this machine too.
 */
export async function makePlace(kube: Kube): Promise<Place> {
  const { namespace } = kube;
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-e2e-'));
  await chmod(folder, 0o755);
  const volumes: string[] = [];
  const tidy = kube.withoutSignal();
  const remove = async (): Promise<void> => {
    await tidy.text(['delete', 'namespace', namespace, '--ignore-not-found', '--timeout=150s'], 170_000);
    if (volumes.length > 0)
      await tidy.text(['delete', 'persistentvolume', ...volumes, '--ignore-not-found', '--timeout=60s']);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await kube.apply(restricted(namespace));
    const own = !(await hasDefaultStorage(kube));
    for (const claim of claims) {
      const name = `${namespace}-${claim}`;
      if (own) {
        const directory = path.join(folder, claim);
        await mkdir(directory);
        // No owner is set on folders of a node: whoever runs in the pod must be able to write.
        await chmod(directory, 0o777);
        await kube.apply(volume(name, directory));
        volumes.push(name);
      }
      await kube.apply(claimFor(namespace, claim, own ? name : null));
    }
    const adminPassword = randomBytes(18).toString('base64url');
    await kube.apply(await accounts(namespace, folder, adminPassword));
    return { adminPassword, remove };
  } catch (error) {
    await remove().catch(() => undefined);
    throw error;
  }
}

function restricted(name: string) {
  const labels = {
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'latest',
  };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

async function hasDefaultStorage(kube: Kube): Promise<boolean> {
  const classes = await kube.list('storageclasses');
  return classes.some(
    ({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  );
}

function volume(name: string, directory: string) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '2Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      hostPath: { path: directory, type: 'Directory' },
    },
  };
}

function claimFor(namespace: string, name: string, volumeName: string | null) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '2Gi' } },
      ...(volumeName === null ? {} : { storageClassName: '', volumeName }),
    },
  };
}

/** One who sets things up and sends readings, and the three who judge. */
async function accounts(namespace: string, folder: string, adminPassword: string) {
  const file = path.join(folder, 'people.json');
  await writePeople(file);
  const people = JSON.parse(await readFile(file, 'utf8')) as object[];
  const users = [{ username: adminName, password: adminPassword, roles: ['admin'] }, ...people];
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: usersSecret, namespace },
    stringData: { 'users.json': JSON.stringify(users) },
  };
}
