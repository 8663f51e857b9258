import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('loudest-step.fixture.ts', import.meta.url));

function without(...keys: string[]) {
  const hooks = keys.flatMap((key) => [
    '--import',
    new URL(`leave-out.ts?member=${key}`, import.meta.url).href,
  ]);
  return run(process.execPath, [...hooks, script]);
}

test('a member that is left out says nothing in the production engine, and the others go on', async () => {
  const all = Number((await without()).stdout);
  const rest = Number((await without('high', 'step')).stdout);
  assert.ok(all > 0.5 && rest < 0.5 && rest > 0, `${all} with all, ${rest} without`);
});

test('what is no member is refused before anything is measured', async () => {
  await assert.rejects(without('luck'), /there is no member "luck"/);
});
