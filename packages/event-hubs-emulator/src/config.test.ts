import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { loadConfig } from './config.ts';

const environment = { ...process.env };

beforeEach(() => {
  process.env = {
    VERDICT_EMULATOR_DATA: '/data',
    VERDICT_EMULATOR_HUBS: 'data:8, feedback:4',
    VERDICT_EMULATOR_KEY_FILE: '/key',
  };
});
afterEach(() => {
  process.env = environment;
});

test('hubs get the consumer groups that are theirs', () => {
  process.env.VERDICT_EMULATOR_CONSUMER_GROUPS = 'shop,Data/hosts,$Default';
  assert.deepEqual(loadConfig().hubs, [
    { name: 'data', partitions: 8, consumerGroups: ['shop', 'hosts', '$Default'] },
    { name: 'feedback', partitions: 4, consumerGroups: ['shop', '$Default'] },
  ]);
});

test('what is not set has the defaults of the service', () => {
  const { host, port, keyName, retention } = loadConfig();
  assert.deepEqual({ host, port, keyName }, { host: '127.0.0.1', port: 5672, keyName: 'emulator' });
  assert.equal(retention.afterMs, 24 * 3_600_000);
});
