import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionOptions, type DatabaseAddress } from '../database/database-address.ts';
import { asDatabaseError } from '../database/database-errors.ts';
import type { Change, ChangeFeed } from '../ports/query-stores.ts';
import { changeChannel } from './tell-change.ts';

/** How a listener finds out that its connection is dead, and how it comes back. */
export interface ChangeFeedOptions extends DatabaseAddress {
  readonly applicationName: string;
  /** How often an idle connection is asked for a sign of life. Default 10 s; it has half of that to answer. */
  readonly keepAliveMs?: number;
  /** First pause before connecting again; doubled up to 32 times as much. Default 250 ms. */
  readonly backOffMs?: number;
  /** Told when the connection broke; it is being made anew. */
  readonly onError?: (error: unknown) => void;
  /** For the spread of pauses; [0, 1). */
  readonly random?: () => number;
}

/** LISTEN on a connection of its own. `listen` itself throws `DatabaseUnavailable` when the first connection fails. */
export function postgresChangeFeed(options: ChangeFeedOptions): ChangeFeed {
  return {
    listen: async (onChange, onGap) => {
      const stopping = new AbortController();
      let connection = await connect(options, onChange);
      const loop = keepListening();
      return {
        stop: async () => {
          stopping.abort();
          connection.end();
          await loop;
        },
      };

      async function keepListening(): Promise<void> {
        for (;;) {
          const reason = await connection.ended;
          if (stopping.signal.aborted) return;
          options.onError?.(reason);
          const next = await reconnect();
          if (next === null) return;
          connection = next;
          if (stopping.signal.aborted) connection.end();
          else onGap();
        }
      }

      async function reconnect(): Promise<Connection | null> {
        for (let attempt = 0; !stopping.signal.aborted; attempt++) {
          const pauseMs = (options.backOffMs ?? 250) * 2 ** Math.min(attempt, 5);
          const spread = 0.5 + (options.random ?? Math.random)();
          await sleep(pauseMs * spread, undefined, { signal: stopping.signal }).catch(() => undefined);
          if (stopping.signal.aborted) return null;
          try {
            return await connect(options, onChange);
          } catch (error) {
            options.onError?.(error);
          }
        }
        return null;
      }
    },
  };
}

interface Connection {
  /** Resolves with the reason when it has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  end(): void;
}

async function connect(options: ChangeFeedOptions, onChange: (change: Change) => void): Promise<Connection> {
  const keepAliveMs = options.keepAliveMs ?? 10_000;
  const client = new pg.Client({
    ...connectionOptions(options),
    application_name: `${options.applicationName} (changes)`,
    connectionTimeoutMillis: 5_000,
    query_timeout: Math.max(100, keepAliveMs / 2),
    keepAlive: true,
  });
  let timer: NodeJS.Timeout | undefined;
  let finish: (reason: unknown) => void = () => {};
  const ended = new Promise<unknown>((resolve) => {
    finish = resolve;
  });
  const end = (reason?: unknown) => {
    clearInterval(timer);
    finish(reason);
    // A server that does not answer does not answer the farewell either: the socket is closed in any case.
    void client.end().catch(() => undefined);
  };
  client.on('error', end);
  client.on('end', () => end(new Error('the connection was closed')));
  client.on('notification', (message) => {
    const change = parseChange(message.payload);
    if (change !== null) onChange(change);
  });
  try {
    await client.connect();
    await client.query(`LISTEN ${changeChannel}`);
  } catch (error) {
    end(error);
    throw asDatabaseError(error);
  }
  timer = setInterval(() => {
    client.query('SELECT 1').catch(end);
  }, keepAliveMs);
  return { ended, end: () => end() };
}

const topics: ReadonlySet<unknown> = new Set([
  'anomaly',
  'feedback',
  'trust',
  'model',
  'pool',
  'session',
  'key',
]);

/** Null for what a newer release may tell. */
function parseChange(payload: string | undefined): Change | null {
  const value: unknown = JSON.parse(payload ?? 'null');
  if (typeof value !== 'object' || value === null || !('topic' in value) || !topics.has(value.topic))
    return null;
  return value as Change;
}
