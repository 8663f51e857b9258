import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';

test('all sets and the settings of a backtest are measured unless said otherwise', () => {
  const options = readOptions(['--data', 'd']);
  assert.deepEqual(options?.only, ['nab', 'smd', 'asd']);
  assert.equal(options?.settings.model, 'trained');
  assert.deepEqual([options?.ablation, options?.members], [false, null]);
  assert.equal(readOptions(['--help']), null);
});

test('members are chosen by their keys, and only where they are left out', () => {
  const options = readOptions(['--data', 'd', '--ablation', '--members', 'step,hour']);
  assert.deepEqual(options?.members, ['step', 'hour']);
  assert.throws(() => readOptions(['--data', 'd', '--members', 'step']), /--members goes with --ablation/);
  assert.throws(
    () => readOptions(['--data', 'd', '--ablation', '--members', 'luck']),
    /--members is one of high, .*, not "luck"/,
  );
  assert.throws(() => readOptions(['--ablation']), /--data DIR is needed/);
});
