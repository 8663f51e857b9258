import pg from 'pg';
import { connectionOptions, type DatabaseAddress } from './database-address.ts';
import { asDatabaseError, isSilence } from './database-errors.ts';

/** Runs SQL. Rows come as objects; bigint as number (outside ±2^53 it throws), xid8 and numeric as text. */
export interface Queries {
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
}

/** Connections to one database. All errors that waiting may heal come as `DatabaseUnavailable`. */
export interface Database extends Queries, DatabaseAddress {
  readonly applicationName: string;
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** Waits for running work and closes all connections. */
  close(): Promise<void>;
}

export interface DatabaseOptions extends DatabaseAddress {
  /** Connections at most. Default 10. */
  readonly poolSize?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** One statement at most. Default 30 s. */
  readonly statementTimeoutMs?: number;
  /** How long a connection is waited for, a new one or one that others use. Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** A server that does not answer at all is given up after this long. Default 5 s more than one statement has. */
  readonly answerTimeoutMs?: number;
  /** Told when an idle connection broke (the next query opens another one). */
  readonly onIdleError?: (error: Error) => void;
}

/** Opens a pool; connects at the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const pool = new pg.Pool({
    ...connectionOptions(options),
    max: options.poolSize ?? 10,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    // A little later than the server's own, for a server that does not answer at all.
    query_timeout: options.answerTimeoutMs ?? statementTimeoutMs + 5_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser },
  });
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  return {
    url: options.url,
    password: options.password,
    applicationName: options.applicationName,
    query: (text, values) => run(pool, text, values),
    transaction: (work) => transaction(pool, work),
    close: () => pool.end(),
  };
}

async function run<Row extends object>(
  target: Pick<pg.ClientBase, 'query'>,
  text: string,
  values?: readonly unknown[],
): Promise<Row[]> {
  try {
    const result = await target.query<Row>(text, values === undefined ? undefined : [...values]);
    return result.rows;
  } catch (error) {
    throw asDatabaseError(error);
  }
}

async function transaction<Result>(
  pool: pg.Pool,
  work: (queries: Queries) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asDatabaseError(error);
  });
  // While it is checked out the pool does not listen; a break is also told by the next query.
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    const queries: Queries = { query: (text, values) => run(client, text, values) };
    await queries.query('BEGIN');
    try {
      const result = await work(queries);
      await queries.query('COMMIT');
      return result;
    } catch (error) {
      // A server that did not answer would be waited for a second time: its connection is thrown away.
      if (isSilence(error)) broken = error;
      else
        await queries.query('ROLLBACK').catch((rollback: unknown) => {
          broken = rollback instanceof Error ? rollback : new Error(String(rollback));
        });
      throw error;
    }
  } finally {
    client.removeListener('error', onError);
    client.release(broken ?? false);
  }
}

function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8 && format !== 'binary') return safeInteger;
  return pg.types.getTypeParser(oid, format as 'text');
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit into a number`);
  return value;
}
