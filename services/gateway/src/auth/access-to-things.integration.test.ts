import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { ServerToClient } from '@verdict/contracts';
import { io, type Socket } from 'socket.io-client';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { type FeedbackRecorder, feedbackRecorder } from '../feedback-recorder.fixture.ts';
import { caller, eventually, type Platform, startPlatform } from '../gateway.fixture.ts';
import { type StandInDetector, standInDetector, tailOf } from '../stand-in-detector.fixture.ts';
import { sampleTrust } from '../trust/sample-trust.fixture.ts';
import {
  callers,
  credentialsOf,
  documentedRows,
  isRoute,
  type Row,
  type Who,
} from './access-table.fixture.ts';

let platform: Platform;
let detector: StandInDetector;
let pool: CommittedPool;
let recorder: FeedbackRecorder;
let url: string;
let rows: readonly Row[];
let credentials: ReadonlyMap<Who, string>;
const startMs = Date.now() - 60_000;
const newId = (): string => randomBytes(12).toString('hex');

before(async () => {
  rows = await documentedRows();
  platform = await startPlatform();
  detector = await standInDetector(platform.key);
  pool = await commitPool(platform.stores, detector.url);
  recorder = feedbackRecorder(platform.stores);
  const status = { signals: ['cpu'], state: 'scored', readings: 1, score: 0, openAnomaly: null } as const;
  await pool.commit({ series: [{ ...status, series: 'shop/cart', firstMs: startMs, lastMs: startMs }] });
  ({ url } = await platform.startGateway());
  credentials = await credentialsOf(platform, url);
});
after(async () => {
  await platform.stop();
  await detector.close(100);
});

const newAnomaly = async () =>
  (await pool.commitAnomaly({ id: newId(), startMs, endMs: startMs, peakMs: startMs })).id;

/** Makes one thing of each kind that has an id in a path, and gives the path to it. */
async function realPaths(): Promise<(path: string) => string> {
  const admin = caller(url, credentials.get('admin'));
  const reportId = crypto.randomUUID();
  await recorder.missed({
    version: 1,
    kind: 'missed',
    reportId,
    withdrawn: false,
    series: 'shop/cart',
    from: startMs,
    to: startMs + 1,
    person: 'ann',
    at: startMs,
  });
  const flood = await platform.stores.answers.admit({
    person: 'eve',
    atMs: Date.now(),
    historyAbove: 0,
    holdMs: 1,
    rule: () => ({ flood: { limit: 0, usual: null } }),
  });
  const keyId: string = (await admin('POST', '/keys', { name: 'seen' })).body.view.id;
  const hook = { name: 'seen', url: 'https://127.0.0.1/hook' };
  await admin('POST', '/webhooks', hook);
  const letter = { sequence: 1, series: null, timeMs: null, reason: 'undecodable', detail: 'seen' } as const;
  await pool.commit({ deadLetters: [{ ...letter, payload: Buffer.from('seen') }] });
  const [deadLetter] = await platform.stores.deadLetters.list({ limit: 1 });
  const ids: readonly (readonly [prefix: string, id: string])[] = [
    ['/anomalies/', await newAnomaly()],
    ['/series/', 'shop%2Fcart'],
    ['/missed/', reportId],
    ['/feedback/floods/', 'floodId' in flood ? String(flood.floodId) : ''],
    ['/keys/', keyId],
    ['/webhooks/', hook.name],
    ['/dead-letters/', String(deadLetter?.id ?? '')],
    ['/models/', 'shop'],
    ['/pools/', 'shop'],
  ];
  return (path) => {
    const id = ids.find(([prefix]) => path.startsWith(prefix))?.[1];
    assert.ok(id, `say what a real thing behind ${path} is`);
    return path
      .replace('{version}', '0')
      .replace('{triggerId}', 'history-1')
      .replace(/\{\w+\}/, id);
  };
}

test('whoever may not see a thing is not told either whether there is one', async () => {
  const realPath = await realPaths();
  for (const row of rows.filter((one) => isRoute(one) && one.path.includes('{')))
    for (const who of callers.filter((one) => !row.allowed.has(one))) {
      const ask = caller(url, credentials.get(who));
      const body = row.method === 'GET' || row.method === 'DELETE' ? undefined : {};
      const real = await ask(row.method, realPath(row.path), body);
      const invented = await ask(row.method, row.path.replace(/\{\w+\}/g, '999'), body);
      const place = `${row.method} ${row.path} as ${who}`;
      assert.ok(real.status === 401 || real.status === 403, `${place}: ${real.status}`);
      assert.deepEqual([real.status, real.body], [invented.status, invented.body], place);
    }
});

/** What makes the gateway tell of each thing. */
const causes: Record<keyof ServerToClient, () => Promise<unknown>> = {
  anomaly: async () => {
    const changes = [{ kind: 'opened', anomalyId: await newAnomaly(), revision: 1 }];
    return caller(url, credentials.get('service'))('POST', '/anomaly', { changes });
  },
  feedback: async () => recorder.verdict(await newAnomaly(), 'ann', 'true'),
  model: async () => {
    const [model] = await platform.stores.registry.models();
    if (model) await platform.stores.registry.putModel(model);
  },
  trust: () =>
    platform.stores.trust.put({
      namespace: 'default',
      model: 'shop',
      expectedRevision: 0,
      trust: sampleTrust(Date.now()),
      signs: {},
      point: null,
      tell: true,
    }),
  pool: async () => {
    const { revision } = await platform.stores.plans.plan('default/shop');
    await platform.stores.plans.writePlan('default/shop', revision, {});
  },
  readings: async () => {
    detector.tails = [tailOf('shop/cart', [Date.now(), Date.now() + 1])];
  },
};

test('each caller hears at the live connection what the table says, and nothing else', async () => {
  const heard = new Map<Who, Set<string>>();
  const sockets: Socket[] = [];
  try {
    for (const who of callers) {
      const token = credentials.get(who);
      const auth = token === undefined ? {} : { token };
      const socket = io(url, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
      sockets.push(socket);
      const events = new Set<string>();
      heard.set(who, events);
      socket.onAny((event: string) => events.add(event));
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('connect_error', () => resolve(false));
      });
      if (connected) await socket.timeout(30_000).emitWithAck('watch', { series: ['shop/cart'] });
    }
    const promised = (who: Who) =>
      rows
        .filter(({ method, allowed }) => method === 'HEARS' && allowed.has(who))
        .map(({ path }) => path)
        .sort();
    assert.deepEqual(
      rows
        .filter(({ method }) => method === 'HEARS')
        .map(({ path }) => path)
        .toSorted(),
      Object.keys(causes).sort(),
    );
    for (const cause of Object.values(causes)) await cause();
    const allHeard = () => callers.every((who) => promised(who).every((event) => heard.get(who)?.has(event)));
    await eventually(allHeard);
    for (const who of callers) assert.deepEqual([...(heard.get(who) ?? [])].sort(), promised(who), who);
  } finally {
    for (const socket of sockets) socket.disconnect();
  }
});
