import { DoorRules } from '@verdict/contracts';
import {
  createEdgeServer,
  createHttpApp,
  createLogger,
  createMetrics,
  HttpProblem,
  listen,
  systemClock,
  TokenRefused,
} from '@verdict/process';
import { decodeReadings, InMemoryHub, StreamUnavailable } from '@verdict/streams';
import { type DoorNote, DoorNotes } from '../readings/door-notes.ts';
import { readingDoors } from './reading-doors.ts';

/** Doors on a port of their own, with a hub in memory behind them. */
export interface OpenDoors {
  readonly url: string;
  readonly hub: InMemoryHub;
  post(
    path: string,
    sent: { body: Uint8Array<ArrayBuffer>; headers: Record<string, string> },
  ): Promise<{ status: number; headers: Headers; bytes: Uint8Array; text: string }>;
  /** What the hub has, as `series time {"signal":value}`, in the order of each partition. */
  inHub(): Promise<string[]>;
  /** Value of a counter of `/metrics`, 0 when it is not there. */
  counted(name: string): Promise<number>;
  /** What coverage would show. */
  notes(): Promise<DoorNote[]>;
  close(): Promise<void>;
}

/** Opens the doors with rules, for the token `producer`. */
export async function openDoors(rules: object = {}, maxInFlightBytes = 64 * 1024 * 1024): Promise<OpenDoors> {
  const hub = new InMemoryHub({ partitionCount: 2 });
  const metrics = createMetrics();
  const noted: DoorNote[] = [];
  const notes = new DoorNotes({ noteAtDoor: async (batch) => void noted.push(...batch) }, systemClock);
  const app = createHttpApp({
    name: 'Doors',
    routes: readingDoors({
      sink: hub.sink(),
      notes,
      registry: metrics,
      clock: systemClock,
      isWanted: (series) => series !== 'unwanted',
      settings: { retentionMs: 30 * 86_400_000, maxInFlightBytes, doorRules: DoorRules.parse(rules) },
    }),
    verifyToken: async (token) => {
      if (token !== 'producer') throw new TokenRefused('the token is not valid');
      return { name: 'producer', roles: ['ingest'], expiresAtMs: 0 };
    },
    metrics,
    logger: createLogger({ name: 'doors', level: 'silent' }),
    problemOf: (error) =>
      error instanceof StreamUnavailable ? new HttpProblem(503, { retryAfterSeconds: 2 }) : null,
  });
  const listening = await listen(createEdgeServer(app), { host: '127.0.0.1', port: 0 });
  return {
    url: listening.url,
    hub,
    async post(path, { body, headers }) {
      const response = await fetch(listening.url + path, {
        method: 'POST',
        body,
        headers: { authorization: 'Bearer producer', ...headers },
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return {
        status: response.status,
        headers: response.headers,
        bytes,
        text: Buffer.from(bytes).toString(),
      };
    },
    async inHub() {
      const found: string[] = [];
      for (const partition of ['0', '1']) {
        const source = hub.source();
        if ((await source.extent(partition)).lastSequence < 0) continue;
        const reader = await source.open({
          consumerGroup: 'test',
          partition,
          start: 'earliest',
          ownerLevel: 1,
        });
        for (const { body } of await reader.read({ maxEvents: 10_000, maxWaitMs: 10 }))
          for (const block of decodeReadings(body)) found.push(...lines(block));
        await reader.close();
      }
      return found;
    },
    async counted(name) {
      const text = await metrics.metrics();
      const line = text.split('\n').find((one) => one.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1) ?? 0);
    },
    async notes() {
      await notes.write();
      return noted;
    },
    close: () => listening.close(),
  };
}

function lines({ series, signals, times, values }: ReturnType<typeof decodeReadings>[number]): string[] {
  return [...times].map((time, row) => {
    const named = signals.map((signal, at) => [signal, values[row * signals.length + at]]);
    return `${series} ${time} ${JSON.stringify(Object.fromEntries(named))}`;
  });
}
