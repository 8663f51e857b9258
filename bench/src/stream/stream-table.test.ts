import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measuredBetween } from './measured.ts';
import { snapshotFigures } from './snapshot-figures.ts';
import { streamTables } from './stream-table.ts';

const usage = (cpuMs: number) => ({
  gateway: { cpuMs, residentBytes: 1e6 },
  detectors: { cpuMs: 3 * cpuMs, residentBytes: 5e6 },
});
const measured = measuredBetween({ atMs: 0, usage: usage(100) }, { atMs: 2000, usage: usage(1100) }, 100_000);

test('CPU time is counted per reading, and a detector core by what detectors used', () => {
  assert.equal(measured.perSecond, 50_000);
  assert.equal(measured.cpuMicros.gateway, 10);
  assert.equal(measured.totalMicros, 40);
  assert.equal(Math.round(measured.perDetectorCore), 33_333);
});

test('shares of the stages stand beside their times', () => {
  const table = streamTables({
    configuration: 'x',
    path: { intake: measured, fromHub: measured, whole: measured },
  });
  assert.match(table, /HTTP to commit \| 100000 \| 50000 \| .*10\.00 \(25 %\).*30\.00 \(75 %\)/);
});

test('snapshots are summed up over partitions and detectors', () => {
  const page = [
    'verdict_detector_snapshot_bytes{partition="0"} 100',
    'verdict_detector_snapshot_bytes{partition="1"} 50',
    'verdict_detector_snapshot_seconds_sum{kind="whole"} 1.5',
    'verdict_detector_snapshot_seconds_count{kind="whole"} 1',
    'verdict_detector_snapshot_seconds_sum{kind="changes"} 0.5',
    'verdict_detector_snapshot_seconds_count{kind="changes"} 3',
    'verdict_detector_snapshot_written_bytes_total{kind="changes"} 60',
  ].join('\n');
  const whole = { taken: 2, secondsEach: 1.5, bytesEach: 0 };
  const changes = { taken: 6, secondsEach: 1 / 6, bytesEach: 20 };
  const figures = { bytes: 300, taken: 8, secondsEach: 0.5, whole, changes };
  assert.deepEqual(snapshotFigures([page, page]), figures);
});
