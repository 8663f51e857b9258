import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';

test('without options everything is measured, and --short is smaller', () => {
  const whole = readOptions([]);
  assert.deepEqual(whole?.only, ['path', 'latency', 'growth', 'detectors', 'takeover']);
  assert.deepEqual(whole?.sizes, [1000, 10_000, 100_000]);
  const short = readOptions(['--short', '--series', '300']);
  assert.equal(short?.series, 300);
  assert.ok((short?.readings ?? 0) < (whole?.readings ?? 0));
  assert.equal(readOptions(['--help']), null);
});

test('a call that cannot work is refused with the option that is wrong', () => {
  for (const args of [
    ['--only', 'speed'],
    ['--sizes', '1000,none'],
    ['--readings', '0'],
    ['--model', 'best'],
  ])
    assert.throws(() => readOptions(args), new RegExp(`^Error: ${args[0]} is `));
});
