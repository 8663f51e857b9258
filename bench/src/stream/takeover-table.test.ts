import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeoverTables } from './takeover-table.ts';

test('takeovers are shown by signal, and snapshots by kind', () => {
  const handover = (gapMs: number) => ({ partition: '0', unownedMs: gapMs - 500, gapMs });
  const snapshots = {
    ...{ bytes: 5_000_000, taken: 3, secondsEach: 0.1 },
    whole: { taken: 1, secondsEach: 0.2, bytesEach: 4_000_000 },
    changes: { taken: 2, secondsEach: 0.05, bytesEach: 500_000 },
  };
  const bySignal = [
    { signal: 'SIGTERM' as const, handovers: [handover(1000), handover(3000)], cpuMs: [400] },
    { signal: 'SIGKILL' as const, handovers: [handover(9000)], cpuMs: [800, 900] },
  ];
  const table = takeoverTables([{ series: 1000, rate: 2000, bySignal, snapshots }]);
  assert.match(table, /1000 \| 2000 \| SIGTERM \| 2 \| 0\.50 \| 2\.50 \| 1\.00 \| 3\.00 \| 0\.40/);
  assert.match(table, /SIGKILL \| 1 \| 8\.50 \| 8\.50 \| 9\.00 \| 9\.00 \| 0\.90/);
  assert.match(table, /1000 \| 5\.0 \| 5000 \| 1 \| 4000 \| 200 \| 2 \| 500 \| 50/);
});
