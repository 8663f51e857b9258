import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertDescriptors } from './descriptors.ts';
import { readOptions } from './options.ts';

test('without options 5000 clients are at one gateway', () => {
  const options = readOptions([]);
  assert.deepEqual([options?.clients, options?.gateways, options?.stalled], [5000, 1, 0]);
  assert.equal(readOptions(['--help']), null);
  assert.throws(() => readOptions(['--clients', 'many']), /--clients is a whole number from 1 to 100000/);
});

test('too few open files are told before anything is started, with the way out', () => {
  const need = { clients: 5000, gateways: 1, processes: 4 };
  assert.throws(() => assertDescriptors(need, 1024), /5000 clients need 5100 open files.*ulimit -n 5100/);
  assertDescriptors({ ...need, gateways: 2 }, 2600);
  assertDescriptors(need, null);
});
