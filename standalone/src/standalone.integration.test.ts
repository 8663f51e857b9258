import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@verdict/storage/free-ports';

const manifests = `apiVersion: verdict.dev/v1alpha1
kind: AnomalyModel
metadata: { name: default }
spec: { series: ["**"] }
---
apiVersion: verdict.dev/v1alpha1
kind: DetectorPool
metadata: { name: default }
spec: { model: default, consumerGroup: default }
`;

let root = '';
let port = 0;
const starts: Standalone[] = [];
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-standalone-'));
  [port = 0] = await freePorts(1);
  await mkdir(path.join(root, 'manifests'));
  await writeFile(path.join(root, 'manifests/default.yaml'), manifests);
});
after(async () => {
  const parts = (await Promise.all(starts.map((one) => one.parts()))).flat();
  for (const pid of [...starts.map((one) => one.child.pid ?? 0), ...parts.map(({ pid }) => pid)])
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await rm(root, { recursive: true, maxRetries: 10, retryDelay: 200 });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
}

async function eventually(check: () => boolean | Promise<boolean>, withinMs: number): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!(await check())) {
    assert.ok(performance.now() < untilMs, `it did not come to be within ${withinMs} ms`);
    await sleep(100);
  }
}

/** `npm start` as a process on the test's data folder. */
class Standalone {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly #logs: string;
  /** What it told people. */
  said = '';

  constructor(environment: Record<string, string> = {}) {
    const data = environment.VERDICT_DATA ?? path.join(root, 'data');
    this.#logs = path.join(data, 'logs/standalone.log');
    this.child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
      env: {
        PATH: process.env.PATH,
        VERDICT_DATA: data,
        VERDICT_PORT: String(port),
        VERDICT_MANIFESTS: path.join(root, 'manifests'),
        VERDICT_DEMO: 'off',
        VERDICT_HOST_METRICS: 'off',
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said += text;
    });
    this.exited = once(this.child, 'close').then(([code]) => code);
    starts.push(this);
  }

  async runs(): Promise<void> {
    await eventually(() => this.said.includes('Verdict runs') || this.child.exitCode !== null, 120_000);
    assert.match(this.said, /Verdict runs after/);
  }

  /** All processes that it ever started, the newest last. */
  async parts(): Promise<{ part: string; pid: number }[]> {
    const text = await readFile(this.#logs, 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line.includes(`"pid":${this.child.pid},`) && line.includes('"child"'))
      .map((line) => JSON.parse(line))
      .map(({ part, child }) => ({ part, pid: child }));
  }

  async pidOf(part: string): Promise<number> {
    return (await this.parts()).filter((one) => one.part === part).at(-1)?.pid ?? 0;
  }

  async alive(): Promise<string[]> {
    return (await this.parts()).filter(({ pid }) => isAlive(pid)).map(({ part }) => part);
  }
}

async function isReady(): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
  return answer?.status === 200;
}

test('all parts start, come back when they are killed, and nothing is left after a kill or a stop', {
  timeout: 400_000,
}, async (t) => {
  const first = new Standalone();
  await t.test('it starts, and says where the dashboard is and who may log in', async () => {
    await first.runs();
    assert.match(first.said, new RegExp(`dashboard +http://127.0.0.1:${port}\\n`));
    assert.match(first.said, /user +admin, password [a-z2-9-]{19} \(shown this once\)/);
    assert.deepEqual(await first.alive(), [
      'event-hubs',
      'postgres',
      'gateway',
      'retrainer-feedback',
      'detector-default-0',
    ]);
    await eventually(isReady, 30_000);
  });

  await t.test('a second start on the same folder is refused in one sentence', async () => {
    const second = new Standalone();
    assert.equal(await second.exited, 1);
    assert.match(
      second.said,
      /^Verdict already runs on .* \(process \d+\)\. Stop it first, or set VERDICT_DATA\.\n$/,
    );
  });

  await t.test('a start on a port that is taken is refused in one sentence', async () => {
    const other = new Standalone({ VERDICT_DATA: path.join(root, 'other') });
    assert.equal(await other.exited, 1);
    assert.equal(
      other.said,
      `Port ${port} on 127.0.0.1 is in use. Free it, or set VERDICT_PORT to another one.\n`,
    );
    assert.deepEqual(await readdir(path.join(root, 'other')), ['version.json']);
  });

  await t.test('parts that are killed come back on the same ports', async () => {
    for (const part of ['gateway', 'postgres', 'event-hubs']) {
      const pid = await first.pidOf(part);
      process.kill(pid, 'SIGKILL');
      await eventually(async () => (await first.pidOf(part)) !== pid, 60_000);
    }
    await eventually(isReady, 60_000);
  });

  await t.test('when it is killed itself, all parts have ended within 15 s', async () => {
    first.child.kill('SIGKILL');
    await first.exited;
    await eventually(async () => (await first.alive()).length === 0, 15_000);
  });

  const next = new Standalone();
  await t.test('the next start goes on with the same password', async () => {
    await next.runs();
    assert.deepEqual(await first.alive(), []);
    assert.match(next.said, /user +admin\n/);
  });

  await t.test('a stop ends everything within 10 s and frees the folder', async () => {
    next.child.kill('SIGINT');
    const late = sleep(10_000, 'late', { ref: false });
    assert.equal(await Promise.race([next.exited, late]), 0);
    assert.match(next.said, /Stopping …\n.*Stopped\.\n/s);
    assert.deepEqual(await next.alive(), []);
    assert.ok(!(await readdir(path.join(root, 'data'))).includes('running.json'));
  });

  await t.test(
    'a part that cannot start is told in its own words, and everything is stopped again',
    async () => {
      const wrong = new Standalone({ VERDICT_DATA_PARTITIONS: '5' });
      assert.equal(await wrong.exited, 1);
      assert.match(wrong.said, /\nevent-hubs did not start: .*partitions.*\n$/);
      assert.deepEqual(await wrong.alive(), []);
    },
  );

  await t.test('a stop in the middle of a start leaves nothing either', async () => {
    const early = new Standalone();
    await eventually(async () => (await early.pidOf('gateway')) > 0, 60_000);
    early.child.kill('SIGTERM');
    assert.equal(await early.exited, 0);
    assert.doesNotMatch(early.said, /Verdict runs/);
    assert.deepEqual(await early.alive(), []);
  });
});
