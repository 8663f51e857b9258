import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Steps } from './steps.ts';

test('a step that fails is recorded, and ends the proof', async () => {
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  await steps.run('this works', async () => undefined);
  const broken = steps.run('this does not', () => Promise.reject(new Error('no')));
  await assert.rejects(broken, /no/);
  assert.deepEqual(
    steps.records.map(({ title, failed }) => [title, failed]),
    [
      ['this works', false],
      ['this does not', true],
    ],
  );
  assert.match(lines.join('\n'), /\[ 0:00\] {2}this works\n +done in 0\.\d s\n.*this does not\n +FAILED/);
});

test('what does not hold is kept, and the proof goes on', () => {
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  steps.must(true, 'is not told');
  steps.must(false, 'two readings were lost');
  assert.deepEqual(steps.violations, ['two readings were lost']);
  assert.match(lines.join('\n'), /VIOLATED: two readings were lost/);
});

test('a text of many lines is set in', () => {
  const lines: string[] = [];
  new Steps((line) => lines.push(line)).tell('NAME  READY\nshop  True\n');
  assert.deepEqual(lines, ['        NAME  READY', '        shop  True']);
});
