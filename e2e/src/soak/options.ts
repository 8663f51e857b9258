import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Break, breaks } from './adapters/messages.ts';

export const help = `Lets a whole platform run while everything dies in turn, and compares with a run in which nothing did.

Usage: npm run soak -- [options]
  --minutes N      time in which faults are done (2); starting and comparing come on top
  --seed S         of readings, faults, errors and swaps (1)
  --break FAULT    builds in a fault that the soak must see, so that it exits with 1: ${breaks.join(', ')};
                   all: one after the other; exits with 0 when each was seen
  --series N       series of the shop, with four signals each (40)
  --detectors N    detectors that share the partitions (3)
  --partitions N   of the data hub (6)
  --pace MS        time between two steps; in each of them every series has a reading (100)
  --result FILE    all figures as JSON (dist/soak/seed-S.json)
  --keep           keep the folder with data and logs, and say where it is

A generator sends readings to a gateway; from there they go through the event hubs to the detectors, the database and
a client of the live hub. By a plan that the seed decides, gateway, event hubs, database, retrainer and detectors get
SIGKILL, SIGTERM and SIGSTOP (for longer than a lease lasts) in turn; calls of the database and of the blobs fail;
detectors come and go; versions, shadows and false-alarm memories change; the injected clocks jump. Then a detector
reads the same events undisturbed, and everything changes where it did. Exits with 1 on any violation.
`;

/** What a soak is asked for. */
export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly broken: Break | 'all' | null;
  readonly series: number;
  readonly detectors: number;
  readonly partitions: number;
  readonly paceMs: number;
  readonly result: string;
  readonly keep: boolean;
}

/** Reads the command line; null = help is wanted. @throws Error with one sentence for a call that cannot work */
export function readOptions(args: readonly string[]): SoakOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      break: { type: 'string' },
      series: { type: 'string', default: '40' },
      detectors: { type: 'string', default: '3' },
      partitions: { type: 'string', default: '6' },
      pace: { type: 'string', default: '100' },
      result: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const seed = within('--seed', values.seed, { least: 1, most: 4_294_967_295, whole: true });
  return {
    minutes: within('--minutes', values.minutes, { least: 0.5, most: 24 * 60, whole: false }),
    seed,
    broken: values.break === undefined ? null : chosenBreak(values.break),
    series: within('--series', values.series, { least: 8, most: 2000, whole: true }),
    detectors: within('--detectors', values.detectors, { least: 2, most: 8, whole: true }),
    partitions: within('--partitions', values.partitions, { least: 2, most: 32, whole: true }),
    paceMs: within('--pace', values.pace, { least: 20, most: 10_000, whole: true }),
    result: values.result ?? path.join('dist', 'soak', `seed-${seed}.json`),
    keep: values.keep,
  };
}

function chosenBreak(text: string): Break | 'all' {
  const found = [...breaks, 'all' as const].find((one) => one === text);
  if (found === undefined) throw new Error(`--break is one of ${breaks.join(', ')}, all, not "${text}".`);
  return found;
}

function within(
  option: string,
  text: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number {
  const value = Number(text);
  if (!(value >= least && value <= most) || (whole && !Number.isSafeInteger(value)))
    throw new Error(`${option} is a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${text}".`);
  return value;
}
