import assert from 'node:assert/strict';
import { test } from 'node:test';
import { breaks } from './adapters/messages.ts';
import { help, readOptions } from './options.ts';

test('without options it is a soak of two minutes', () => {
  const options = readOptions([]);
  assert.equal(options?.minutes, 2);
  assert.equal(options?.seed, 1);
  assert.equal(options?.broken, null);
  assert.equal(options?.result, 'dist/soak/seed-1.json');
});

test('help names every built-in fault', () => {
  assert.equal(readOptions(['--help']), null);
  for (const one of breaks) assert.ok(help.includes(one), one);
});

test('what cannot work is refused with the name of the option', () => {
  assert.throws(() => readOptions(['--minutes', '0']), /--minutes/);
  assert.throws(() => readOptions(['--seed', '1.5']), /--seed/);
  assert.throws(() => readOptions(['--break', 'everything']), /--break is one of/);
  assert.throws(() => readOptions(['--detectors', '1']), /--detectors/);
});
