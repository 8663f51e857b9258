import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, type Plan } from '@verdict/contracts';
import { createLogger } from '@verdict/process';
import { OrdersFollower } from './orders-follower.ts';
import { noOverlay, type Overlay } from './overlay-shelf.ts';
import { ModelMissing, plannedVersion, readOrders } from './pool-orders.ts';

const pool = { namespace: 'default', key: 'default/shop', model: 'shop' };
const row = (namespace: string, name: string, series: string[]) => ({
  namespace,
  name,
  spec: AnomalyModelSpec.parse({ series }),
});

function registry() {
  const state = {
    plan: { revision: 0, partitions: {} } as Plan,
    models: [row('default', 'shop', ['shop/**']), row('default', 'all', ['**'])],
  };
  const stores = {
    plans: { plan: async () => state.plan },
    registry: { models: async () => state.models },
    overlays: { newest: async () => noOverlay },
  };
  return {
    state,
    stores,
    read: (before: Parameters<typeof readOrders>[2]) => readOrders(stores, pool, before),
  };
}

test('a series is for this pool when its model wants it most, and other namespaces do not count', async () => {
  const { state, read } = registry();
  state.models.push(row('elsewhere', 'greedy', ['shop/cart']));
  const { owns, builtIn } = await read(null);
  assert.equal(owns('shop/cart'), true);
  assert.equal(owns('bank/cart'), false);
  assert.deepEqual(builtIn, { signals: 'each', window: 32, recurring: 'habit' });
});

test('the assignment is another one exactly when patterns change', async () => {
  const { state, read } = registry();
  const first = await read(null);
  state.models.reverse();
  const same = await read(first);
  assert.equal(same.owns, first.owns);
  state.models.push(row('default', 'cart', ['shop/cart']));
  const changed = await read(same);
  assert.notEqual(changed.assignment, first.assignment);
  assert.equal(changed.owns('shop/cart'), false);
});

test('orders carry the newest memory, and the one before while none can be read', async () => {
  const newest = { number: 4, memory: new Map() };
  const asked: unknown[] = [];
  const { stores } = registry();
  const overlays = {
    newest: async (before: Overlay | null) => {
      asked.push(before);
      return before ?? newest;
    },
  };
  const first = await readOrders({ ...stores, overlays }, pool, null);
  const second = await readOrders({ ...stores, overlays }, pool, first);
  assert.deepEqual([first.overlay, second.overlay, asked], [newest, newest, [null, newest]]);
});

test('a pool whose model is not declared has no orders', async () => {
  const { state, read } = registry();
  state.models = [];
  await assert.rejects(read(null), ModelMissing);
});

test('a partition that the plan does not name is served with version 0', () => {
  const plan = { revision: 1, partitions: { 1: { version: 4, shadow: null, fallback: 0 } } };
  assert.deepEqual([plannedVersion(plan, '0'), plannedVersion(plan, '1')], [0, 4]);
});

test('a registry that cannot be asked leaves the last orders in force', async () => {
  const { state, read } = registry();
  const stop = new AbortController();
  let turns = 0;
  const clock = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    sleep: async () => {
      turns += 1;
      if (turns === 2) state.plan = { revision: 5, partitions: {} };
      if (turns === 4) stop.abort();
      stop.signal.throwIfAborted();
    },
  };
  const follower = new OrdersFollower(
    await read(null),
    (before) => (turns === 1 ? Promise.reject(new Error('away')) : read(before)),
    { clock, logger: createLogger({ name: 'test', level: 'silent' }) },
  );
  const seen: number[] = [];
  await follower.follow(stop.signal, async ({ plan }) => void seen.push(plan.revision));
  assert.deepEqual(seen, [5, 5]);
  assert.equal(follower.orders.plan.revision, 5);
});
