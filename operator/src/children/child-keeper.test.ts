import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Applied, KubeWriter } from '../kube/kube-client.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import type { ResourceKind } from '../kube/resource-kind.ts';
import { type ConfigMap, configMapKind } from '../testing/config-map.ts';
import { ChildKeeper, type WantedChild } from './child-keeper.ts';

const { signal } = new AbortController();
const owner = { apiVersion: 'v1', kind: 'Pool', name: 'p', uid: 'owner', controller: true };
const wanted = (data: Record<string, string>): WantedChild & { data: object } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'child', namespace: 'default', labels: { a: 'b' }, ownerReferences: [owner] },
  data,
});

/** Takes what is applied, fills in a field, and writes amounts in its own form. */
class Server implements Pick<KubeWriter, 'serverSideApply' | 'delete'> {
  applied = 0;
  deleted = 0;
  form = (text: string): string => text;

  async serverSideApply<T extends KubeObject>(kind: ResourceKind<T>, object: Applied<T>): Promise<T> {
    this.applied += 1;
    const { data } = object as unknown as { data: Record<string, string> };
    const written = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, this.form(text)]));
    const metadata = { ...object.metadata, uid: 'child', resourceVersion: String(10 + this.applied) };
    return {
      ...object,
      kind: kind.kind,
      apiVersion: kind.apiVersion,
      metadata,
      data: written,
    } as unknown as T;
  }

  async delete(): Promise<void> {
    this.deleted += 1;
  }
}

let server: Server;
let keeper: ChildKeeper;
let nowMs: number;
const place = { namespace: 'default', name: 'child' };
const keep = (data: Record<string, string>, cached?: ConfigMap) =>
  keeper.keep(configMapKind, wanted(data), cached, signal);
const newest = (cached?: ConfigMap) => keeper.newest(configMapKind, place, cached);

beforeEach(() => {
  server = new Server();
  nowMs = 0;
  keeper = new ChildKeeper(server, () => nowMs);
});

test('a child is applied once, also while the cache has not heard of it', async () => {
  assert.equal(await keep({ x: '1' }), true);
  assert.equal(await keep({ x: '1' }), false);
  assert.equal(await keep({ x: '2' }), true);
  assert.equal(
    await keep({ x: '2' }, {
      ...newest(),
      metadata: { ...newest()?.metadata, resourceVersion: '11' },
    } as ConfigMap),
    false,
  );
});

test('what others change is put right, what is wanted no more is applied away', async () => {
  await keep({ x: '1', y: '2' });
  const live = structuredClone(newest()) as ConfigMap;
  live.metadata.resourceVersion = '20';
  assert.equal(await keep({ x: '1', y: '2' }, { ...live, data: { x: '7', y: '2' } }), true);
  const right = structuredClone(newest()) as ConfigMap;
  assert.equal(await keep({ x: '1' }, right), true);
});

test('a child that was deleted is made again', async () => {
  await keep({ x: '1' });
  nowMs = 10_000;
  assert.equal(newest(undefined), undefined);
  assert.equal(await keep({ x: '1' }, undefined), true);
});

test('a child of somebody else is left alone', async () => {
  await keep({ x: '1' });
  const other = structuredClone(newest()) as ConfigMap;
  other.metadata.ownerReferences = [{ ...owner, uid: 'other' }];
  other.metadata.resourceVersion = '30';
  await assert.rejects(keep({ x: '1' }, other), /belongs to somebody else/);
});

test('one that is being deleted is waited for, one that was deleted is deleted once', async () => {
  await keep({ x: '1' });
  const live = structuredClone(newest()) as ConfigMap;
  assert.equal(await keeper.remove(configMapKind, live, signal), true);
  assert.equal(await keeper.remove(configMapKind, live, signal), false);
  assert.equal(server.deleted, 1);
  assert.equal(newest(live), undefined);
  const going = structuredClone(live);
  going.metadata.uid = 'next';
  going.metadata.deletionTimestamp = '2026-11-22T16:00:00Z';
  assert.equal(await keep({ x: '1' }, going), false);
});
