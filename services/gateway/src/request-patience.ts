/**
 * How long a request waits for the database: for a connection, then for an answer. Together about five seconds, after
 * which whoever asked hears 503 and when to try again, instead of nothing.
 */
export const requestPatience = {
  connectTimeoutMs: 2000,
  statementTimeoutMs: 3000,
  answerTimeoutMs: 3200,
} as const;
