import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endOf, outputOf } from './program.ts';

const node = (script: string) => ['--eval', script];

test('a program is given its input and says its answer', async () => {
  const answer = await outputOf(process.execPath, node('process.stdin.pipe(process.stdout)'), {
    input: 'hello',
  });
  assert.equal(answer, 'hello');
});

test('a program that fails is told with its own words', async () => {
  const failing = outputOf(process.execPath, node('console.error("no such thing"); process.exit(3)'));
  await assert.rejects(failing, /ended with 3: no such thing/);
});

test('a program that does not end in time is ended', async () => {
  const { code } = await endOf(process.execPath, node('setInterval(() => {}, 1000)'), { timeoutMs: 300 });
  assert.equal(code, null);
});

test('a program is ended with its run, and the reason is told', async () => {
  const stop = new AbortController();
  const running = endOf(process.execPath, node('setInterval(() => {}, 1000)'), { signal: stop.signal });
  stop.abort(new Error('somebody pressed a key'));
  await assert.rejects(running, /somebody pressed a key/);
});
