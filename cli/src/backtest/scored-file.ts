import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeLine } from '../write-line.ts';
import type { ScoredReading } from './backtest.ts';

export const scoredHeading = 'timestamp,score,alarm,anomaly_id';

/** The line of one reading. A score keeps all its digits: 0.5 and what lies just above it are told apart. */
export function scoredLine({ timeText, score, anomalyId }: ScoredReading): string {
  const time = /[",\r\n]/.test(timeText) ? `"${timeText.replaceAll('"', '""')}"` : timeText;
  return `${time},${Number(score.toPrecision(8))},${anomalyId === null ? 0 : 1},${anomalyId ?? ''}`;
}

/** Where scored readings go. */
export interface ScoredSink {
  write(readings: readonly ScoredReading[]): Promise<void>;
  /** Resolves when everything is written. */
  end(): Promise<void>;
  /** Leaves no file behind. */
  abandon(): Promise<void>;
}

/** Writes to a stream that stays open, such as the standard output. */
export async function sinkToStream(stream: Writable): Promise<ScoredSink> {
  await writeLine(stream, scoredHeading);
  return {
    async write(readings) {
      if (readings.length > 0) await writeLine(stream, readings.map(scoredLine).join('\n'));
    },
    end: async () => {},
    abandon: async () => {},
  };
}

/** Writes a file, compressed when its name ends in `.gz`; makes the folders around it. */
export async function sinkToFile(file: string): Promise<ScoredSink> {
  await mkdir(path.dirname(file), { recursive: true });
  // Under its own name only when it is whole.
  const partial = `${file}.part`;
  const lines = new PassThrough();
  const target = createWriteStream(partial);
  const written = file.endsWith('.gz') ? pipeline(lines, createGzip(), target) : pipeline(lines, target);
  // Whoever writes waits for this promise too, so that a full disk ends the command instead of letting it hang.
  const failed = new Promise<never>((_, reject) => written.catch(reject));
  failed.catch(() => {});
  const inner = await sinkToStream(lines);
  return {
    write: (readings) => Promise.race([inner.write(readings), failed]),
    async end() {
      lines.end();
      await written;
      await rename(partial, file);
    },
    async abandon() {
      lines.destroy();
      await written.catch(() => {});
      await rm(partial, { force: true });
    },
  };
}
