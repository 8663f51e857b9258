import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics, systemClock } from '@verdict/process';
import { trustWorld } from '../testing/in-memory-trust.fixture.ts';
import { answers, labelledAnomaly } from '../testing/labelled-anomaly.fixture.ts';
import { eventually } from '../testing/sample-feedback.fixture.ts';
import { trustMetrics } from './trust-metrics.ts';
import { TrustWatch } from './trust-watch.ts';

function watchOf(world = trustWorld()) {
  const failures: unknown[] = [];
  const registry = createMetrics();
  const watch = new TrustWatch({
    ...world.stores,
    clock: systemClock,
    metrics: trustMetrics(registry, systemClock.nowMs),
    onFailure: (error) => failures.push(error),
  });
  const stop = new AbortController();
  return { ...world, watch, failures, registry, stop };
}

test('it looks as long as it is let, and starts and stops as often as the partition comes and goes', async () => {
  const { watch, trust, labels, registry } = watchOf();
  for (const count of [12, 0]) {
    for (let index = 0; index < 12; index += 1)
      labels.put(
        labelledAnomaly(`a${index}`, { startMs: Date.now() - 1000, verdicts: answers(count > 0 ? 'f' : '') }),
      );
    const stop = new AbortController();
    const running = watch.run(stop.signal);
    await eventually(() => trust.stored?.trust.confidence.judged === count);
    assert.match(await registry.metrics(), /verdict_trust_age_seconds\{model="default\/shop"\}/);
    stop.abort();
    await running;
  }
  assert.doesNotMatch(await registry.metrics(), /verdict_trust_age_seconds\{/);
});

test('a stop in the middle of a look ends it cleanly and stores nothing more', async () => {
  const { watch, trust, stores, failures, stop } = watchOf();
  const { figures } = stores.rollouts;
  stores.rollouts.figures = (pool) => {
    stop.abort();
    return figures(pool);
  };
  await watch.run(stop.signal);
  assert.deepEqual([trust.stored, failures], [null, []]);
});

test('a model that cannot be looked at is told of, keeps no other one from being looked at, and is tried again', async () => {
  const { watch, trust, stores, failures, stop } = watchOf();
  const [model] = await stores.registry.models();
  const [pool] = await stores.plans.pools();
  assert.ok(model && pool);
  stores.registry.models = async () => [{ ...model, name: 'broken' }, model];
  stores.plans.pools = async () => [
    { ...pool, name: 'broken', spec: { ...pool.spec, model: 'broken' } },
    pool,
  ];
  const { figures } = stores.rollouts;
  stores.rollouts.figures = (name) =>
    name === 'default/broken' ? Promise.reject(new Error('as it happens')) : figures(name);
  const running = watch.run(stop.signal);
  await eventually(() => trust.stored !== null && failures.length >= 2);
  stop.abort();
  await running;
  assert.match(String(failures[0]), /as it happens/);
});
