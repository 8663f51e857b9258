import { createServer } from 'node:http';
import { type ScoredReadings, TailsRequest, UpdateRequest } from '@verdict/contracts';
import { type Listening, listen, tokenVerifier } from '@verdict/process';
import type { SigningKey } from './auth/signing-key.ts';

/** Answers `/tails` and `/update` as a detector does, over real HTTP. */
export interface StandInDetector extends Listening {
  /** What it has in memory. */
  tails: ScoredReadings[];
  /** Revisions it was told. */
  readonly updates: number[];
  /** True: it takes requests and never answers. */
  hangs: boolean;
}

/** Starts one; it takes only service tokens of the key. */
export async function standInDetector(key: SigningKey): Promise<StandInDetector> {
  const verify = tokenVerifier({ keySet: key.keySet });
  const server = createServer(async (request, response) => {
    if (detector.hangs) return;
    const caller = await verify((request.headers.authorization ?? '').replace('Bearer ', ''));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    if (!caller.roles.includes('service')) response.statusCode = 403;
    if (request.url === '/update') {
      detector.updates.push(UpdateRequest.parse(body).revision);
      response.end(JSON.stringify({ revision: 1, partitions: {} }));
      return;
    }
    const asked = new Map(TailsRequest.parse(body).series.map(({ key: series, after }) => [series, after]));
    response.end(
      JSON.stringify({ tails: detector.tails.flatMap((tail) => newerThan(tail, asked.get(tail.series))) }),
    );
  });
  const detector: StandInDetector = {
    ...(await listen(server, { host: '127.0.0.1', port: 0 })),
    tails: [],
    updates: [],
    hangs: false,
  };
  return detector;
}

/** A tail of one signal. */
export function tailOf(series: string, times: number[]): ScoredReadings {
  const nothing = times.map(() => null);
  return {
    series,
    signals: ['cpu'],
    times,
    values: times.map((_, index) => index),
    expected: nothing,
    band: nothing,
    score: times.map(() => 0.125),
    flags: times.map(() => 0),
  };
}

function newerThan(tail: ScoredReadings, after: number | undefined): ScoredReadings[] {
  if (after === undefined) return [];
  return [
    tailOf(
      tail.series,
      tail.times.filter((time) => time > after),
    ),
  ];
}
