import type { UsageByPart } from './bench-platform.ts';

/** Where the parts stood at one moment. */
export interface Moment {
  readonly atMs: number;
  readonly usage: UsageByPart;
}

/** What some readings took. */
export interface Measured {
  readonly readings: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** CPU time per reading by part, µs: others at work on the machine change it little. */
  readonly cpuMicros: Readonly<Record<string, number>>;
  /** Sum over the parts. */
  readonly totalMicros: number;
  /** Readings per second that detectors could take with a core each and nothing to wait for. */
  readonly perDetectorCore: number;
  /** Resident memory at the end, bytes, by part. */
  readonly residentBytes: Readonly<Record<string, number>>;
}

export function measuredBetween(before: Moment, after: Moment, readings: number): Measured {
  const seconds = (after.atMs - before.atMs) / 1000;
  const cpuMicros: Record<string, number> = {};
  const residentBytes: Record<string, number> = {};
  for (const [part, { cpuMs, residentBytes: bytes }] of Object.entries(after.usage)) {
    cpuMicros[part] = (1000 * (cpuMs - (before.usage[part]?.cpuMs ?? 0))) / readings;
    residentBytes[part] = bytes;
  }
  return {
    readings,
    seconds,
    perSecond: readings / seconds,
    cpuMicros,
    totalMicros: Object.values(cpuMicros).reduce((sum, micros) => sum + micros, 0),
    perDetectorCore: 1e6 / (cpuMicros.detectors ?? Number.NaN),
    residentBytes,
  };
}
