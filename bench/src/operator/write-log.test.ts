import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { WriteLog } from './write-log.ts';

const line = (resource: string, at: string, subresource?: string): string =>
  `${JSON.stringify({ verb: 'patch', objectRef: { resource, subresource }, stageTimestamp: at })}\n`;

test('writes are counted by what they are about, without the lead, as the log grows', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'verdict-log-'));
  const file = path.join(folder, 'audit.log');
  const whole = line('detectorpools', '2026-01-01T00:00:02.000Z', 'status');
  writeFileSync(
    file,
    line('services', '2026-01-01T00:00:00.000Z') +
      line('leases', '2026-01-01T00:00:03.000Z') +
      whole.slice(0, 20),
  );
  const log = await WriteLog.open(file);
  try {
    await log.read();
    assert.deepEqual(log.countSince(0), { 'patch services': 1 });
    appendFileSync(file, whole.slice(20));
    await log.read();
    assert.deepEqual(log.countSince(Date.parse('2026-01-01T00:00:01Z')), { 'patch detectorpools/status': 1 });
    assert.equal(log.lastMs(), Date.parse('2026-01-01T00:00:02Z'));
  } finally {
    await log.close();
    rmSync(folder, { recursive: true });
  }
});
