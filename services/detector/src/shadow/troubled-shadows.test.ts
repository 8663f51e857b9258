import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DetectionModel, Network } from '@verdict/detection';
import { UnusableVersion, type VersionSpan } from '@verdict/storage';
import type { DetectorParts, ModelsAtHand } from '../claim/partition-run.ts';
import { noOverlay } from '../model/overlay-shelf.ts';
import {
  eventually,
  hurriedClock,
  type ScriptedWorld,
  shopOrders,
  tiltedModel,
  tiltedModels,
} from '../testing/scripted-detector.fixture.ts';
import { bodies, last, resultsOf, stagedWorld } from '../testing/staged-world.fixture.ts';

const alone: readonly VersionSpan[] = [{ fromSequence: 0, version: 1, overlay: 0, shadow: null }];
const beside: readonly VersionSpan[] = [...alone, { fromSequence: 10, version: 1, overlay: 0, shadow: 2 }];

/** Versions of which the second has another net. */
function withNet(run: (calls: number, run: Network['run']) => Network['run']): ModelsAtHand {
  let calls = 0;
  const of = (version: number): DetectionModel => {
    const model = tiltedModel(version);
    const { network } = model;
    if (version !== 2 || network === null) return model;
    return {
      ...model,
      network: {
        ...network,
        run: (rows, count) => {
          calls += 1;
          return run(calls, network.run)(rows, count);
        },
      },
    };
  };
  return { ready: of, load: async (version) => of(version), failure: () => null };
}

async function worked(spans: readonly VersionSpan[], change: Partial<DetectorParts>): Promise<ScriptedWorld> {
  const world = await stagedWorld(spans, new Map());
  await world.workUpTo(last, change);
  return world;
}

/** All that people and later scores depend on. */
function active(world: ScriptedWorld) {
  const { comparisons: _, shadowTroubles: __, shadow: ___, spans: ____, ...rest } = resultsOf(world);
  return rest;
}
const calm = active(await worked(alone, { models: tiltedModels }));

const restarts = async ({ metrics }: ScriptedWorld) => (await metrics.restarts.get()).values.length;

test('a shadow that throws is let go and told of, and the version in force goes on as if there had been none', async () => {
  const models = withNet((calls, run) => (calls > 20 ? () => Promise.reject(new Error('bad net')) : run));
  const world = await worked(beside, { models });
  assert.deepEqual(active(world), calm);
  const { shadowTroubles, comparisons, spans } = world.store;
  assert.ok(shadowTroubles.length > 0);
  for (const trouble of shadowTroubles)
    assert.deepEqual(trouble, { shadow: 2, kind: 'error', reason: 'bad net' });
  assert.ok((comparisons.get('1 beside it 2')?.readings ?? 0) > 0, 'it scored before it threw');
  assert.equal(spans.at(-1)?.shadow, null);
  assert.equal(await restarts(world), 0);
  const letGo = (await world.metrics.shadowsLetGo.get()).values;
  assert.deepEqual(letGo[0]?.labels, { cause: 'error' });
});

test('a shadow that throws once is tried again later, from the state of the version in force', async () => {
  const models = withNet((calls, run) =>
    calls === 20 ? () => Promise.reject(new Error('bad moment')) : run,
  );
  const world = await worked(beside, { models, clock: hurriedClock(400) });
  assert.deepEqual(active(world), calm);
  assert.equal(world.store.shadowTroubles.length, 1);
  const shadows = world.store.spans.map(({ shadow }) => shadow);
  assert.deepEqual(shadows, [null, 2, null, 2]);
});

test('a shadow that gives no answer is waited for a while only', async () => {
  const models = withNet((calls, run) => (calls > 20 ? () => new Promise<never>(() => undefined) : run));
  const world = await worked(beside, { models });
  assert.deepEqual(active(world), calm);
  const [trouble] = world.store.shadowTroubles;
  assert.equal(trouble?.kind, 'budget');
  assert.match(trouble?.reason ?? '', /no answer within \d+ ms/);
});

test('a shadow whose beginning takes for ever holds the stream up for a while only, and is not there when it comes later', async () => {
  const waiting: (() => void)[] = [];
  const models = withNet((_, run) => async (rows, count) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return run(rows, count);
  });
  const late = [...alone, { fromSequence: 55, version: 1, overlay: 0, shadow: 2 }];
  const world = await stagedWorld(late, new Map());
  const done = world.workUpTo(last, { models });
  await eventually(() => world.store.shadowTroubles.length > 0);
  for (const resolve of waiting) resolve();
  await done;
  assert.deepEqual(active(world), calm);
  assert.match(world.store.shadowTroubles[0]?.reason ?? '', /no answer within 10000 ms/);
  assert.equal(world.store.comparisons.size, 0);
});

test('a shadow whose state would take too much memory is not begun, and a version changes without a copy', async () => {
  const { limits } = (await stagedWorld(alone, new Map())).parts();
  const small = { models: tiltedModels, limits: { ...limits, shadow: { ...limits.shadow, bytes: 1000 } } };
  const world = await worked(beside, small);
  assert.deepEqual(active(world), calm);
  assert.match(world.store.shadowTroubles[0]?.reason ?? '', /its state would take \d+ bytes, at most 1000/);
  assert.equal(world.store.shadowTroubles[0]?.kind, 'budget');
  const swapped = [...alone, { fromSequence: 10, version: 2, overlay: 0, shadow: 1 }];
  const changed = await worked(swapped, small);
  assert.equal(
    changed.store.figures.get(2)?.readings,
    calm.counted.readings - (changed.store.figures.get(1)?.readings ?? 0),
  );
  assert.equal(changed.store.comparisons.size, 0);
});

test('a shadow whose state grows too large is let go at the next whole snapshot', async () => {
  const limits = { ...(await stagedWorld(alone, new Map())).parts().limits, snapshotChain: 0 };
  // One series more comes at event 6.
  const early = [...alone, { fromSequence: 5, version: 1, overlay: 0, shadow: 2 }];
  const bytes = shadowBytes(await worked(early, { models: tiltedModels })) - 1;
  const shadow = { ...limits.shadow, bytes };
  const world = await worked(early, { models: tiltedModels, limits: { ...limits, shadow } });
  assert.deepEqual(active(world), calm);
  assert.match(world.store.shadowTroubles[0]?.reason ?? '', /its state would take/);
  assert.ok((world.store.comparisons.get('1 beside it 2')?.readings ?? 0) > 0);
});

/** Bytes of the newest snapshot's shadow. */
function shadowBytes({ newest }: ScriptedWorld): number {
  return newest?.shadow?.engine.length ?? 0;
}

test('a shadow that is missing is held against it once per failed load, blobs that cannot be reached are not', async () => {
  const failing = (why: Error): ModelsAtHand => ({
    ready: (version) => (version === 2 ? null : tiltedModel(version)),
    load: async (version) => {
      if (version === 2) throw why;
      return tiltedModel(version);
    },
    failure: (version) => (version === 2 ? why : null),
  });
  const missing = await worked(beside, { models: failing(new UnusableVersion('model.onnx is missing')) });
  assert.deepEqual(active(missing), calm);
  assert.deepEqual(missing.store.shadowTroubles, [
    { shadow: 2, kind: 'error', reason: 'model.onnx is missing' },
  ]);
  assert.equal(missing.store.failures.size, 0, 'that counts what fails in service');
  const away = await worked(beside, { models: failing(new Error('connection refused')) });
  assert.deepEqual(away.store.shadowTroubles, []);
  assert.deepEqual(active(away), calm);
});

test('a shadow that is gone when the partition is taken over holds nothing up', async () => {
  const world = await worked(beside, { models: tiltedModels });
  const lost: ModelsAtHand = {
    ...tiltedModels,
    ready: (version) => (version === 2 ? null : tiltedModel(version)),
    load: async (version) => {
      if (version === 2) throw new UnusableVersion('model.onnx is missing');
      return tiltedModel(version);
    },
  };
  const [body = new Uint8Array()] = bodies;
  await world.send([body]);
  await world.workUpTo(last + 1, { models: lost });
  assert.equal(world.store.checkpoint, last + 1);
  assert.equal(world.store.spans.at(-1)?.shadow, null);
  assert.equal(world.store.shadowTroubles[0]?.reason, 'model.onnx is missing');
});

test('a version whose shadow was let go at a takeover begins anew, and the commits say so', async () => {
  const world = await worked(beside, { models: tiltedModels });
  let loads = 0;
  const slow: ModelsAtHand = {
    ...tiltedModels,
    load: async (version) => {
      loads += 1;
      if (version === 2 && loads <= 2) throw new Error('connection refused');
      return tiltedModel(version);
    },
  };
  const said: string[] = [];
  const commit = world.store.commit.bind(world.store);
  world.store.commit = (batch) => {
    said.push(`${batch.checkpoint}: ${batch.version} beside it ${batch.shadow}`);
    return commit(batch);
  };
  world.orders = () => ({ ...shopOrders(2, undefined, 1), overlay: noOverlay });
  const [body = new Uint8Array()] = bodies;
  await world.send([body]);
  await world.workUpTo(last + 1, { models: slow });
  assert.deepEqual(said.slice(0, 2), [`${last}: 1 beside it null`, `${last}: 2 beside it 1`]);
});
