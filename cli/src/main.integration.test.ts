import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gatewayUser, type RecordingGateway } from './testing/recording-gateway.ts';
import { eventually, testGateway } from './testing/run-command.ts';

const main = path.join(import.meta.dirname, 'main.ts');

/** Starts the command as its own process, with a channel to it as a parent process has one. */
function startCommand(
  context: TestContext,
  gateway: RecordingGateway,
  args: readonly string[],
): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      VERDICT_URL: gateway.url,
      VERDICT_USER: gatewayUser.username,
      VERDICT_PASSWORD: gatewayUser.password,
    },
  });
  context.after(() => child.kill('SIGKILL'));
  return child;
}

test('a process that generates ends cleanly when it is told to', async (context) => {
  const gateway = await testGateway(context);
  const child = startCommand(context, gateway, ['generate']);
  const ended = once(child, 'exit');
  await eventually(() => gateway.readings.length >= 24);
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
});

test('a process that waits for an absent gateway ends when it is told to', async (context) => {
  const gateway = await testGateway(context);
  await gateway.stop();
  const child = startCommand(context, gateway, ['host-metrics']);
  const ended = once(child, 'exit');
  const [said] = await once(child.stderr ?? assert.fail(), 'data');
  assert.match(String(said), /connection refused\); trying again until it answers/);
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
  await gateway.restart();
});

test('a process ends with the one that started it', async (context) => {
  const gateway = await testGateway(context);
  const child = startCommand(context, gateway, ['generate']);
  const ended = once(child, 'exit');
  await eventually(() => gateway.readings.length >= 24);
  child.disconnect();
  assert.deepEqual(await ended, [0, null]);
});

test('a finished command does not wait for its channel, and a broken pipe is no failure', async (context) => {
  const gateway = await testGateway(context);
  assert.deepEqual(await once(startCommand(context, gateway, ['models']), 'exit'), [0, null]);
  const child = startCommand(context, gateway, [
    'generate',
    '--count',
    '100000',
    '--as-fast-as-possible',
    '--dry-run',
  ]);
  const ended = once(child, 'exit');
  await once(child.stdout ?? assert.fail(), 'data');
  child.stdout?.destroy();
  assert.deepEqual(await ended, [0, null]);
});
