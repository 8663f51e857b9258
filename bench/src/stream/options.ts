import { parseArgs } from 'node:util';

/** What can be measured by itself. */
export type Section = 'path' | 'latency' | 'growth' | 'detectors' | 'takeover';

const sections: readonly Section[] = ['path', 'latency', 'growth', 'detectors', 'takeover'];

export const help = `Measures the stream on real processes: client, gateway, event hubs, detectors, database with fsync.

Usage: npm run bench:stream -- [options]; progress goes to stderr, the tables to stdout
  --only LIST        ${sections.join(', ')}, or several parted by commas (all of them)
  --series N         series of path, latency and detectors (10000)
  --sizes LIST       series of each step of growth (1000,10000,100000; 1000000 is possible) and takeover (10000,100000)
  --rate N           readings per second while detectors take over from each other (2000)
  --rounds N         times that one is ended by SIGTERM, and one by SIGKILL (2)
  --readings N       readings that a measurement sends, at least 20 for each series (1000000)
  --seconds N        length of each latency measurement (20)
  --short            for development: 2000 series, 200,000 readings, growth over 500 and 2000 series, 8 seconds
  --partitions N     of the data hub (8)
  --per-post N       readings in one POST (500)
  --connections N    POSTs under way at once (8)
  --model KIND       trained (default) or built-in
  --profile DIR      write a CPU profile of every process there, and print whose code the time went to
  --seed N           of values and of the order in which readings arrive (1)
  --json FILE        write all figures there as well
`;

export interface StreamOptions {
  readonly only: readonly Section[];
  readonly series: number;
  readonly sizes: readonly number[];
  readonly takeoverSizes: readonly number[];
  readonly rate: number;
  readonly rounds: number;
  readonly readings: number;
  readonly seconds: number;
  readonly partitions: number;
  readonly readingsPerPost: number;
  readonly connections: number;
  readonly model: 'trained' | 'built-in';
  readonly profile: string | null;
  readonly seed: number;
  readonly json: string | null;
}

/** Reads the command line; null = help is wanted. @throws Error with one sentence for a call that cannot work */
export function readOptions(args: readonly string[]): StreamOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: sections.join(',') },
      series: { type: 'string' },
      sizes: { type: 'string' },
      rate: { type: 'string', default: '2000' },
      rounds: { type: 'string' },
      readings: { type: 'string' },
      seconds: { type: 'string' },
      short: { type: 'boolean', default: false },
      partitions: { type: 'string', default: '8' },
      'per-post': { type: 'string', default: '500' },
      connections: { type: 'string', default: '8' },
      model: { type: 'string', default: 'trained' },
      profile: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const { short } = values;
  return {
    only: values.only.split(',').map((one) => chosen('--only', one, sections)),
    series: whole('--series', values.series ?? (short ? '2000' : '10000'), 1_000_000),
    sizes: sizesOf(values.sizes ?? (short ? '500,2000' : '1000,10000,100000')),
    takeoverSizes: sizesOf(values.sizes ?? (short ? '1000' : '10000,100000')),
    rate: whole('--rate', values.rate, 1_000_000),
    rounds: whole('--rounds', values.rounds ?? (short ? '1' : '2'), 100),
    readings: whole('--readings', values.readings ?? (short ? '200000' : '1000000'), 1e9),
    seconds: whole('--seconds', values.seconds ?? (short ? '8' : '20'), 3600),
    partitions: whole('--partitions', values.partitions, 32),
    readingsPerPost: whole('--per-post', values['per-post'], 10_000),
    connections: whole('--connections', values.connections, 64),
    model: chosen('--model', values.model, ['trained', 'built-in'] as const),
    profile: values.profile ?? null,
    seed: whole('--seed', values.seed, 4_294_967_295),
    json: values.json ?? null,
  };
}

function chosen<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === text);
  if (found === undefined) throw new Error(`${option} is one of ${choices.join(', ')}, not "${text}".`);
  return found;
}

function sizesOf(text: string): number[] {
  return text.split(',').map((one) => whole('--sizes', one, 1_000_000));
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > most)
    throw new Error(`${option} is a whole number from 1 to ${most}, not "${text}".`);
  return value;
}
