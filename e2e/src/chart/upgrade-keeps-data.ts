import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createPlatformClient, type PlatformClient } from '@verdict/platform-client';
import { parseAllDocuments } from 'yaml';
import { openGatewayDoor } from '../proof-cluster/gateway-door.ts';
import { Kube } from '../proof-cluster/kube.ts';
import { adminName, makePlace } from '../proof-cluster/place.ts';
import { outputOf } from '../proof-cluster/program.ts';
import { waitUntil } from '../proof-cluster/wait-until.ts';
import { chart, root } from './helm.ts';

const release = 'verdict';
const series = 'upgrade/one';
const firstReadings = 240;
const moreReadings = 60;
const parts = ['verdict-postgres', 'verdict-event-hubs', 'verdict-azurite'];
const kinds = ['anomalymodels.verdict.dev', 'detectorpools.verdict.dev'];

/** What must be the same after an upgrade as before it. */
interface Kept {
  readonly times: readonly number[];
  readonly scores: readonly number[];
  readonly secrets: string;
  /** Uids of the pods with data: these must differ. */
  readonly pods: readonly string[];
}

/**
 * Installs the embedded profile on volumes of our own, upgrades it so that every part with data is replaced, and
 * compares. Runs where kubectl and helm reach the cluster; rejects with what was lost. Nothing of it stays.
 */
export async function upgradeKeepsData(options: {
  readonly namespace: string;
  /** Of the images, which are in the cluster, Azurite's with them. */
  readonly tag: string;
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}): Promise<void> {
  const { namespace, tag, signal, tell } = options;
  const kube = new Kube(namespace, signal);
  const undo: (() => Promise<unknown>)[] = [];
  const crds = (await Promise.all(kinds.map((name) => kube.find('customresourcedefinition', name)))).every(
    (found) => found === null,
  );
  try {
    if (crds) undo.push(() => removeKinds(kube.withoutSignal()));
    const place = await makePlace(kube);
    undo.push(() => place.remove());
    undo.push(() => removeRelease(kube.withoutSignal()));
    tell('installing the chart');
    await apply(namespace, values({ tag, crds, memory: '192Mi' }), signal);
    // New kinds make a busy API server slow to say what it knows.
    await waitUntil(
      () =>
        kube.apply(...pool()).then(
          () => true as const,
          () => null,
        ),
      {
        withinMs: 120_000,
        signal,
        otherwise: () => 'the sample could not be applied',
      },
    );
    await kube.text(['wait', '--for=condition=Ready', 'detectorpool/default', '--timeout=300s'], 310_000);
    const door = await openGatewayDoor(namespace, `${release}-gateway`);
    undo.push(() => door.close());
    const client = createPlatformClient({
      url: door.url,
      credentials: { username: adminName, password: place.adminPassword },
      namespace,
      retry: { attempts: 12 },
    });
    const startMs = Math.floor(Date.now() / 1000 - firstReadings - moreReadings - 60) * 1000;
    tell(`sending ${firstReadings} readings`);
    await send(client, { startMs, from: 0, to: firstReadings });
    await committed(client, firstReadings, signal);
    await blob(kube, 'put');
    const token = await logIn(door.url, place.adminPassword);
    const before = await kept(kube, client, startMs);

    tell('upgrading, with other resources: every part with data is replaced');
    await apply(namespace, values({ tag, crds, memory: '200Mi' }), signal);
    for (const part of parts)
      await kube.text(['rollout', 'status', `statefulset/${part}`, '--timeout=300s'], 310_000);
    await kube.text(['wait', '--for=condition=Ready', 'detectorpool/default', '--timeout=300s'], 310_000);
    await accepted(door.url, token, signal);
    const after = await kept(kube, client, startMs);
    must(
      before.pods.every((uid) => !after.pods.includes(uid)),
      'a part with data was not replaced: nothing was tried',
    );
    must(before.secrets === after.secrets, 'passwords or keys are others');
    must(same(before.times, after.times), 'readings are missing in the history');
    must(same(before.scores, after.scores), 'scores are others');
    await blob(kube, 'get');
    tell(`sending ${moreReadings} more`);
    await send(client, { startMs, from: firstReadings, to: firstReadings + moreReadings });
    await committed(client, firstReadings + moreReadings, signal);
    const [own] = await client.pools();
    const repeated = own?.partitions.reduce((sum, { duplicates }) => sum + duplicates, 0);
    must(repeated === 0, `${repeated} readings were scored again`);
    tell('everything is as it was, and goes on');
  } catch (error) {
    tell(`FAILED: ${error instanceof Error ? error.message : error}`);
    throw error;
  } finally {
    for (const one of undo.reverse())
      await one().catch((error: unknown) =>
        tell(`left behind: ${error instanceof Error ? error.message : error}`),
      );
  }
}

/** The embedded profile on the place's claims, Azurite with it; small, for there may be others on the node. */
function values({ tag, crds, memory }: { tag: string; crds: boolean; memory: string }): object {
  const small = { requests: { cpu: '20m', memory: '128Mi' }, limits: { memory: '512Mi' } };
  return {
    image: { tag, pullPolicy: 'IfNotPresent' },
    crds: { install: crds },
    embedded: {
      enabled: true,
      resources: { requests: { cpu: '20m', memory }, limits: { memory: '768Mi' } },
      persistence: { postgresClaim: 'postgres', eventHubsClaim: 'event-hubs', blobsClaim: 'blobs' },
    },
    gateway: { replicas: 1, usersSecret: 'e2e-users', resources: small },
    retrainer: { resources: small },
    operator: { replicas: 1, resources: small },
  };
}

async function apply(namespace: string, given: object, signal: AbortSignal): Promise<void> {
  const args = ['upgrade', release, chart, '--install', `--namespace=${namespace}`, '--values=-'];
  await outputOf('helm', args, { input: JSON.stringify(given), timeoutMs: 180_000, signal });
}

/** The kinds that came with us go with us, unless somebody uses them by now. */
async function removeKinds(kube: Kube): Promise<void> {
  const used = await kube.list('anomalymodels,detectorpools', ['--all-namespaces']);
  if (used.length === 0) await kube.text(['delete', 'crd', ...kinds, '--ignore-not-found']);
}

async function removeRelease(kube: Kube): Promise<void> {
  await kube.attempt(['delete', 'detectorpools,anomalymodels', '--all', '--timeout=60s'], {
    timeoutMs: 70_000,
  });
  await outputOf('helm', ['uninstall', release, `--namespace=${kube.namespace}`, '--ignore-not-found'], {
    timeoutMs: 180_000,
  });
}

function pool(): object[] {
  const text = readFileSync(path.join(root, 'manifests/samples/default.yaml'), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as object);
}

async function send(
  client: PlatformClient,
  { startMs, from, to }: { startMs: number; from: number; to: number },
): Promise<void> {
  const readings = Array.from({ length: to - from }, (_, index) => ({
    series,
    time: new Date(startMs + (from + index) * 1000).toISOString(),
    values: { cpu: 0.5 + 0.1 * Math.sin((from + index) / 9) },
  }));
  await client.sendReadings(readings);
}

async function committed(client: PlatformClient, wanted: number, signal: AbortSignal): Promise<void> {
  let last = 0;
  await waitUntil(
    async () => {
      const [own] = await client.pools();
      last = own?.partitions.reduce((sum, { readings }) => sum + readings, 0) ?? 0;
      return last >= wanted ? true : null;
    },
    { withinMs: 240_000, signal, otherwise: () => `${last} of ${wanted} readings were committed` },
  );
}

/** Puts a blob through the gateway's own store, or finds it there. */
async function blob(kube: Kube, what: 'put' | 'get'): Promise<void> {
  const program = `
    import { openBlobs } from '/app/packages/storage/src/blobs/open-blobs.ts';
    const blobs = await openBlobs(process.env.VERDICT_BLOBS_URL);
    if ('${what}' === 'put') await blobs.put('upgrade/kept', Buffer.from('as it was'));
    const found = await blobs.get('upgrade/kept');
    if (found === null || Buffer.from(found).toString() !== 'as it was') throw new Error('the blob is gone');`;
  const node = ['node', '--input-type=module', '--eval', program];
  await kube.text(['exec', `deployment/${release}-gateway`, '--', ...node], 180_000);
}

async function kept(kube: Kube, client: PlatformClient, startMs: number): Promise<Kept> {
  const iso = (second: number) => new Date(startMs + second * 1000).toISOString();
  const history = await client.history(series, { from: iso(0), to: iso(firstReadings - 1), points: 0 });
  must(history.times.length === firstReadings, `${history.times.length} readings are in the history`);
  const secrets = ['verdict-embedded', 'verdict-gateway-signing'];
  const data = await kube.text(['get', 'secret', ...secrets, '--output=jsonpath={.items[*].data}']);
  const pods = await kube.list('pods', [
    '--selector=app.kubernetes.io/component in (postgres,event-hubs,azurite)',
  ]);
  must(pods.length === parts.length, `there are ${pods.length} pods with data`);
  return {
    times: history.times,
    scores: history.score,
    secrets: data,
    pods: pods.map(({ metadata }) => metadata.uid),
  };
}

async function logIn(url: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: adminName, password }),
    signal: AbortSignal.timeout(20_000),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  must(token !== undefined, `nobody can log in: ${answer.status}`);
  return token ?? '';
}

/** A token of before the upgrade is still believed: the key is the same. */
async function accepted(url: string, token: string, signal: AbortSignal): Promise<void> {
  let last = 'no answer';
  await waitUntil(
    async () => {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/models`, { headers, signal: AbortSignal.timeout(5000) }).catch(
        () => null,
      );
      last = String(answer?.status ?? 'no answer');
      return answer?.status === 200 ? true : null;
    },
    { withinMs: 240_000, signal, otherwise: () => `a token of before the upgrade was answered ${last}` },
  );
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
