import type { ReadingInput } from '@verdict/contracts';
import type { ClientClock } from '@verdict/platform-client';
import { type CsvOptions, csvRows } from './csv-rows.ts';
import type { ReplayTiming } from './replay-timing.ts';

/** The sending of one file. */
export interface FileReplay {
  csv: CsvOptions;
  series: string;
  /** Rows earlier than this (epoch milliseconds, as the file has it) are left out. */
  fromMs: number;
  timing: ReplayTiming;
  /** Most readings in one request. */
  batchReadings: number;
  /** Resolves once the readings are kept. */
  send: (readings: readonly ReadingInput[]) => Promise<unknown>;
  onSent: (readings: number) => void;
  clock: ClientClock;
}

/** Sends the rows of a file in its order, each when it is due; what is due together goes together. */
export async function replayFile(replay: FileReplay): Promise<void> {
  const { csv, series, fromMs, timing, batchReadings, send, onSent, clock } = replay;
  let batch: ReadingInput[] = [];
  async function flush(): Promise<void> {
    if (batch.length === 0) return;
    await send(batch);
    onSent(batch.length);
    batch = [];
  }
  for await (const row of csvRows(csv)) {
    csv.signal.throwIfAborted();
    // Malformed rows were told by the survey already.
    if ('reason' in row || row.timeMs < fromMs) continue;
    const waitMs = timing.dueMs(row.timeMs) - clock.nowMs();
    if (waitMs > 0) {
      await flush();
      await clock.sleep(waitMs, csv.signal);
    }
    batch.push({ series, time: timing.sentTimeMs(row.timeMs), values: row.values });
    if (batch.length >= batchReadings) await flush();
  }
  await flush();
}
