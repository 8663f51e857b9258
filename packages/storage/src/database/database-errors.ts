/** The database cannot be reached or cannot serve now; trying again later may help. Nothing of the work was kept, unless the connection broke at the commit itself. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/** The database was migrated by a newer release than this one. */
export class DatabaseNewer extends Error {
  override readonly name = 'DatabaseNewer';
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Driver errors that have no code. */
const brokenConnection =
  /connection terminated|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error|not queryable|connection error|timeout expired/i;

/**
 * SQLSTATEs that pass: connection (08), resources (53: disk full, too many connections), shut-down and
 * start-up (57P), statement and lock timeouts, deadlock and serialisation.
 */
const passing = /^(08...|53...|57P0[1-5]|57014|55P03|40P01|40001|25P0[34])$/;

/** Turns what the driver throws into `DatabaseUnavailable` where waiting may help; everything else stays. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseUnavailable) return error;
  const code = (error as { code?: unknown }).code;
  const text = typeof code === 'string' ? code : '';
  if (text === '53100') return new DatabaseUnavailable("the database's disk is full", { cause: error });
  if (networkCodes.has(text) || passing.test(text) || (text === '' && brokenConnection.test(error.message)))
    return new DatabaseUnavailable(`the database is unavailable: ${error.message || text}`, { cause: error });
  return error;
}

/** Whether the connection is of no use any more: the server said nothing, rather than that something cannot be done. */
export function isSilence(error: unknown): error is DatabaseUnavailable {
  if (!(error instanceof DatabaseUnavailable)) return false;
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return typeof code !== 'string' || networkCodes.has(code);
}
