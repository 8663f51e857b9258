import type { ReadingInput } from '@verdict/contracts';
import type { ClientClock } from '@verdict/platform-client';
import { runTogether } from '../run-together.ts';
import type { PreparedFile } from './prepared-file.ts';
import { replayFile } from './replay-file.ts';
import { replayTiming } from './replay-timing.ts';

/** The sending of several files, each a series of its own. */
export interface FilesReplay {
  files: readonly PreparedFile[];
  /** Times the files' own pace; Infinity = as fast as accepted. */
  speed: number;
  keepTimes: boolean;
  /** Most readings in one request. */
  batchReadings: number;
  /** Resolves once the readings are kept. */
  send: (readings: readonly ReadingInput[]) => Promise<unknown>;
  onSent: (readings: number) => void;
  clock: ClientClock;
  signal: AbortSignal;
}

/** Files that are sent at the same time when no pace is asked for. */
const filesAtOnce = 4;

/** Sends the files side by side, each in its own order; the first failure stops all. */
export async function replayFiles(replay: FilesReplay): Promise<void> {
  const { files, speed, keepTimes, batchReadings, send, onSent, clock } = replay;
  const startedAtMs = clock.nowMs();
  const waiting = [...files];
  const sendNext = async (signal: AbortSignal) => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { csv, series, survey, fromMs } = file;
      const current = file;
      await replayFile({
        csv: { ...csv, signal },
        series,
        fromMs,
        timing: replayTiming({ firstMs: fromMs, lastMs: survey.lastMs, startedAtMs, speed, keepTimes }),
        batchReadings,
        send,
        onSent(readings) {
          current.sent += readings;
          onSent(readings);
        },
        clock,
      });
    }
  };
  // At a given pace every file keeps its own time, so all must run at once.
  const lanes = speed === Number.POSITIVE_INFINITY ? Math.min(filesAtOnce, files.length) : files.length;
  await runTogether(replay.signal, Array<typeof sendNext>(lanes).fill(sendNext));
}
