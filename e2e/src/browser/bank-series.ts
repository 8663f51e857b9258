import type { ReadingInput } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';

/** A series of a bank that sends a reading a second; it knows where it stopped. */
export interface BankSeries {
  readonly series: string;
  /** Sends so many ordinary readings. */
  quiet(readings: number): Promise<void>;
  /** Sends five readings whose latency is ten times the usual. */
  spike(): Promise<void>;
}

/** Latency and errors around steady values with a small, repeatable unrest; times go on second by second. */
export function bankSeries(client: PlatformClient, series: string, startMs: number): BankSeries {
  let step = 0;
  const next = (factor: number): ReadingInput => {
    const unrest = Math.sin(step * 1.7) + Math.sin(step * 0.61) * 0.7;
    const values = { latency_p99: (0.21 + 0.01 * unrest) * factor, errors: 3 + Math.cos(step * 2.3) };
    return { series, time: startMs + step++ * 1000, values };
  };
  const send = async (readings: number, factor: number) => {
    await client.sendReadings(Array.from({ length: readings }, () => next(factor)));
  };
  return { series, quiet: (readings) => send(readings, 1), spike: () => send(5, 10) };
}
