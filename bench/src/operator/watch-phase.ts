import { setTimeout as delay } from 'node:timers/promises';
import type { PhaseFigures } from './operator-figures.ts';
import type { OperatorProcess } from './operator-process.ts';
import { type MetricSamples, total } from './parse-metrics.ts';
import type { WriteLog } from './write-log.ts';

const turnMs = 1000;
const sampleEvery = 10;

/** What a phase is watched with. */
export interface Watched {
  readonly operator: OperatorProcess;
  readonly log: WriteLog;
  readonly say: (sentence: string) => void;
}

/** Watches the operator for some minutes; `act` runs once a second. */
export async function watchPhase(
  { operator, log, say }: Watched,
  minutes: number,
  act: () => Promise<void> = async () => undefined,
): Promise<PhaseFigures> {
  const before = await operator.metrics();
  const fromMs = Date.now();
  const beganMs = performance.now();
  const endMs = beganMs + minutes * 60_000;
  let memory = memoryOf(before);
  for (let turn = 1; performance.now() < endMs; turn++) {
    await act();
    if (turn % sampleEvery === 0) {
      memory = Math.max(memory, memoryOf(await operator.metrics()));
      await log.read();
      const left = Math.max(0, Math.round((endMs - performance.now()) / 1000));
      if (turn % (6 * sampleEvery) === 0) say(`${count(log.countSince(fromMs))} writes, ${left} s to go`);
    }
    const waitMs = Math.min(beganMs + turn * turnMs, endMs) - performance.now();
    await delay(Math.max(0, waitMs));
  }
  const after = await operator.metrics();
  await log.read();
  const passed = (name: string, holding = ''): number =>
    total(after, name, holding) - total(before, name, holding);
  const within = (histogram: string, le: string): number =>
    passed(`${histogram}_bucket`, `le="${le}"`) / Math.max(1, passed(`${histogram}_count`));
  return {
    minutes,
    writes: log.countSince(fromMs),
    reconciles: passed('controller_runtime_reconcile_total'),
    failures: passed('controller_runtime_reconcile_errors_total'),
    cpu: passed('process_cpu_seconds_total') / ((performance.now() - beganMs) / 1000),
    memory: Math.max(memory, memoryOf(after)),
    inLineWithin10Ms: within('workqueue_queue_duration_seconds', '0.01'),
    lookedWithin100Ms: within('controller_runtime_reconcile_time_seconds', '0.1'),
  };
}

/** MiB. */
function memoryOf(samples: MetricSamples): number {
  return total(samples, 'process_resident_memory_bytes') / 2 ** 20;
}

function count(writes: Readonly<Record<string, number>>): number {
  return Object.values(writes).reduce((sum, one) => sum + one, 0);
}
