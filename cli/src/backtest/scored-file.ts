import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { writeLine } from '../write-line.ts';
import type { ScoredReading } from './backtest.ts';

export const scoredHeading = 'timestamp,score,alarm,anomaly_id';

/**
 * The score of the alarm stream: half the engine's score, and half of 1 where an alarm is raised. A threshold of 0.5
 * on it gives the alarms that people get, a higher one those with higher scores; below, readings are ranked as the
 * engine ranks them, whether or not somebody was told of the anomaly already.
 */
export function streamScore({ score, raised }: Pick<ScoredReading, 'score' | 'raised'>): number {
  return (score + (raised ? 1 : 0)) / 2;
}

/** The line of one reading. A score keeps all its digits: 0.5 and what lies just above it are told apart. */
export function scoredLine(reading: ScoredReading): string {
  const { timeText, raised, anomalyId } = reading;
  const time = /[",\r\n]/.test(timeText) ? `"${timeText.replaceAll('"', '""')}"` : timeText;
  return `${time},${Number(streamScore(reading).toPrecision(8))},${raised ? 1 : 0},${anomalyId ?? ''}`;
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
