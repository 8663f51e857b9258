import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@verdict/process';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { caller, type Platform, startPlatform } from '../gateway.fixture.ts';
import { type ReceivedMessage, type Receiver, startReceiver } from './receiver.fixture.ts';

const patienceMs = 60_000;
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
let platform: Platform;
let pool: CommittedPool;
const gateways: ChildProcess[] = [];
const receivers: Receiver[] = [];

before(async () => {
  platform = await startPlatform();
  pool = await commitPool(platform.stores, null);
});
after(async () => {
  for (const child of gateways) child.kill('SIGKILL');
  for (const receiver of receivers) await receiver.close();
  await platform.stop();
});

/** A gateway process as its users run it, with the waits and leases that they have. */
async function start() {
  const child = fork(main, {
    env: {
      VERDICT_PORT: '0',
      VERDICT_DATABASE_URL: platform.server.url,
      VERDICT_EVENT_HUBS_CONNECTION_STRING: platform.emulator.connectionString,
      VERDICT_SIGNING_KEY_FILE: join(platform.folder, 'key.json'),
      VERDICT_WEBHOOK_ALLOW: '127.0.0.1',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  gateways.push(child);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const listening = once(child, 'message', { signal: AbortSignal.timeout(patienceMs) });
  const [message] = (await listening.catch((error: unknown) => {
    throw new Error(`the gateway did not start: ${said}`, { cause: error });
  })) as [{ port: number }];
  const url = `http://127.0.0.1:${message.port}`;
  const admin = caller(url, await platform.token('ann', 'admin'));
  return { child, url, admin };
}
type Started = Awaited<ReturnType<typeof start>>;

/** A receiver that is to be told; it does not answer yet. */
async function hook({ admin }: Started, name: string): Promise<Receiver> {
  const receiver = await startReceiver();
  receivers.push(receiver);
  receiver.behave('hang');
  assert.equal((await admin('POST', '/webhooks', { name, url: receiver.url })).status, 201);
  return receiver;
}

async function change({ url }: Started, number: number, kind: 'opened' | 'closed'): Promise<void> {
  const id = idOf(number);
  const revision = kind === 'opened' ? 1 : 2;
  await pool.commitAnomaly({ id, revision, kind, state: kind === 'opened' ? 'open' : 'closed' });
  const service = caller(url, await platform.token('detector', 'service'));
  const { status } = await service('POST', '/anomaly', { changes: [{ kind, anomalyId: id, revision }] });
  assert.equal(status, 200);
}

const idOf = (number: number) => number.toString(16).padStart(24, '0');
const idsOf = (messages: readonly ReceivedMessage[]) => messages.map(({ headers }) => headers['webhook-id']);
/** What a receiver that ignores known ids sees. */
const seenBy = ({ messages }: Receiver) => [...new Set(idsOf(messages))];
const told = (number: number, ...kinds: string[]) => kinds.map((kind) => `anomaly_${idOf(number)}_${kind}`);

async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < deadlineMs, `not in time: ${what}`);
    await systemClock.sleep(100);
  }
}

test('a gateway that is killed or frozen in the middle of a delivery is replaced: the same ids, in order, nothing lost', {
  timeout: 300_000,
}, async (context) => {
  const first = await start();
  const killed = await hook(first, 'killed');
  await change(first, 1, 'opened');
  await change(first, 1, 'closed');
  await change(first, 2, 'opened');
  await until('the receiver has what may be sent at once', () => killed.messages.length === 2);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const killedMs = performance.now();
  killed.behave({ status: 200 });

  const second = await start();
  const frozen = await hook(second, 'frozen');
  await change(second, 3, 'opened');
  await change(second, 3, 'closed');
  await until('the other receiver has its first message', () => frozen.messages.length === 1);
  second.child.kill('SIGSTOP');
  frozen.behave({ status: 200 });

  const third = await start();
  await until(
    'the third gateway has told everything',
    () => seenBy(killed).length === 5 && seenBy(frozen).length === 2,
  );
  const tookMs = performance.now() - killedMs;
  // 30 s after the last step of the dead one its hold is over, and its successor looks every second.
  context.diagnostic(`everything was told ${(tookMs / 1000).toFixed(1)} s after the kill`);
  const oneAfterTheOther = [
    ...told(1, 'opened', 'closed'),
    ...told(2, 'opened'),
    ...told(3, 'opened', 'closed'),
  ];
  assert.deepEqual(seenBy(killed).toSorted(), oneAfterTheOther.toSorted());
  assert.deepEqual(seenBy(frozen), told(3, 'opened', 'closed'));
  for (const number of [1, 3]) {
    const ids = idsOf(killed.messages);
    const [opened, closed] = told(number, 'opened', 'closed');
    assert.ok(ids.lastIndexOf(opened) < ids.indexOf(closed), ids.join(', '));
  }

  // The frozen one wakes up with its attempt in its hands: that is over, and says nothing about anything any more.
  const before = frozen.messages.length;
  second.child.kill('SIGCONT');
  await until('it has given its attempt up', async () =>
    /webhook_attempts_total\{webhook="frozen",outcome="failed"\} 1/.test(
      (await second.admin('GET', '/metrics')).body,
    ),
  );
  const { items } = (await second.admin('GET', '/webhooks/frozen/deliveries')).body;
  assert.deepEqual(
    items.map(({ state, status }: { state: string; status: number }) => [state, status]),
    [
      ['delivered', 200],
      ['delivered', 200],
    ],
  );
  assert.equal((await third.admin('GET', '/webhooks')).body.items[0].state, 'active');
  await change(third, 4, 'opened');
  await until('both receivers hear of what is new', () =>
    [killed, frozen].every((receiver) => seenBy(receiver).includes(told(4, 'opened')[0])),
  );
  await until('nothing waits', async () =>
    (await third.admin('GET', '/webhooks')).body.items.every(
      ({ waiting }: { waiting: number }) => waiting === 0,
    ),
  );
  assert.equal(frozen.messages.length, before + 1);
  assert.equal(killed.messages.length, 2 + 5 + 1, 'once more only what was under way');
});
