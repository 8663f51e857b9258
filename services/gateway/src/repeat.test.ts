import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, systemClock } from '@verdict/process';
import { DatabaseUnavailable } from '@verdict/storage';
import { repeat } from './repeat.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const tools = { clock: systemClock, logger, name: 'work' };

test('work never overlaps itself, is done at once when nudged, and ends with stop', async () => {
  let running = 0;
  let done = 0;
  let wake = (): void => {};
  const again = repeat(
    async () => {
      running += 1;
      assert.equal(running, 1);
      await systemClock.sleep(1);
      running -= 1;
      done += 1;
      wake();
    },
    { ...tools, everyMs: 60_000, crash: (error) => assert.ifError(error) },
  );
  await new Promise<void>((resolve) => {
    wake = () => (done >= 3 ? resolve() : again.nudge());
  });
  await again.stop();
  assert.equal(done, 3);
});

test('an outage is waited out, a bug is not', async () => {
  let tries = 0;
  const bug = await new Promise<unknown>((resolve) => {
    repeat(
      async () => {
        tries += 1;
        if (tries < 3) throw new DatabaseUnavailable('down');
        throw new TypeError('a bug');
      },
      { ...tools, everyMs: 1, crash: resolve },
    );
  });
  assert.ok(bug instanceof TypeError);
  assert.equal(tries, 3);
});
