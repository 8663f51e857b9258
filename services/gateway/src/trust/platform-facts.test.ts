import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, DetectorPoolSpec } from '@verdict/contracts';
import { systemClock } from '@verdict/process';
import { DatabaseUnavailable } from '@verdict/storage';
import { ModelDirectory } from '../models/model-directory.ts';
import { platformFacts } from './platform-facts.ts';

const away = () => Promise.reject(new DatabaseUnavailable('the database is unavailable'));
const awayLater = async () => {
  await systemClock.sleep(20);
  return away();
};

test('a database that goes away in the middle of a scrape leaves the figures out, and ends no process', async () => {
  const row = { namespace: 'default', name: 'shop' };
  const directory = new ModelDirectory({
    registry: { models: async () => [{ ...row, spec: AnomalyModelSpec.parse({ series: ['shop/**'] }) }] },
    plans: {
      pools: async () => [{ ...row, spec: DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop' }) }],
    },
    clock: systemClock,
  } as unknown as ConstructorParameters<typeof ModelDirectory>[0]);
  const stores = { trust: { get: away }, plans: { poolState: away }, rollouts: { get: awayLater } };
  const parts = { ...stores, directory, clock: systemClock } as unknown as Parameters<
    typeof platformFacts
  >[0];
  assert.equal(await platformFacts(parts)(), null);
  // What fails later has failed by then: a rejection that nobody hears would fail this test.
  await systemClock.sleep(60);
});
