import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const started: number[] = [];
after(() => {
  for (const pid of started) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});

const module = new URL('./end-with-us.ts', import.meta.url).href;

/** A process that keeps a `sleep` which knows nothing of it; both as the world sees them. */
async function keeper(then = ''): Promise<{ child: ChildProcess; kept: number }> {
  const code = `
    import { spawn } from 'node:child_process';
    import { endWithUs } from ${JSON.stringify(module)};
    const kept = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    const endGuard = endWithUs(kept.pid);
    ${then}
    console.log(kept.pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await once(child.stdout, 'data');
  const kept = Number(text);
  started.push(child.pid ?? 0, kept);
  return { child, kept };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
}

test('a kept process ends when its keeper is killed, and lives as long as that does', async () => {
  const { child, kept } = await keeper();
  assert.ok(isAlive(kept));
  child.kill('SIGKILL');
  for (let tries = 0; isAlive(kept) && tries < 100; tries++) await sleep(100);
  assert.ok(!isAlive(kept));
});

test('a process that is kept no more is left alone', async () => {
  const { child, kept } = await keeper('endGuard(); await new Promise((done) => setTimeout(done, 500));');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await sleep(500);
  assert.ok(isAlive(kept));
});
