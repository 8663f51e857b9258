import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';

const endSignals = new URL('./end-signals.ts', import.meta.url).href;
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** A process that runs until it is told otherwise, ready to be told. */
async function startChild(body: string) {
  const script = `import { abortOnSignal, exitOnSignal } from '${endSignals}';
    const running = setInterval(() => {}, 1000);
    ${body}
    console.log('ready');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = once(child, 'close');
  let text = '';
  const heard = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('ready')) resolve();
    });
  });
  await heard;
  /** The exit code, and all that the process said. */
  return { child, ended: ended.then(([code]) => ({ code, lines: text.trim().split('\n') })) };
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends a run once it has stopped what it started, and the exit code tells of it`, async () => {
    const { child, ended } = await startChild(
      `const signal = abortOnSignal((sentence) => console.log(sentence));
       signal.addEventListener('abort', () => {
         console.log(signal.reason.message);
         clearInterval(running);
       });`,
    );
    child.kill(signal);
    assert.deepEqual(await ended, {
      code: exitCode,
      lines: ['ready', 'Stopping what was started …', signal],
    });
  });

  test(`a ${signal} after the first signal ends a run at once`, async () => {
    const { child, ended } = await startChild(
      `abortOnSignal().addEventListener('abort', () => console.log('stopping'));`,
    );
    child.kill('SIGINT');
    await once(child.stdout, 'data');
    child.kill(signal);
    assert.deepEqual(await ended, { code: exitCode, lines: ['ready', 'stopping'] });
  });

  test(`${signal} ends at once what nobody has to stop, through its exit`, async () => {
    const { child, ended } = await startChild(
      `exitOnSignal();
       process.on('exit', () => console.log('exit'));`,
    );
    child.kill(signal);
    assert.deepEqual(await ended, { code: exitCode, lines: ['ready', 'exit'] });
  });
}
