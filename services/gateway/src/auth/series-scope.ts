import { type Caller, HttpProblem } from '@verdict/process';

/**
 * Throws 403 when a caller with the key of a producer sends a series beyond its prefix; nothing of the request is
 * taken then. Every door for readings asks this before it takes any. Callers with tokens may send all.
 */
export function assertInScope(caller: Pick<Caller, 'seriesPrefix'>, series: Iterable<string>): void {
  const { seriesPrefix } = caller;
  if (seriesPrefix === undefined || seriesPrefix === '') return;
  for (const key of series)
    if (!key.startsWith(seriesPrefix))
      throw new HttpProblem(403, {
        detail: `This API key is for series that begin with "${seriesPrefix}"; "${key.slice(0, 200)}" does not.`,
      });
}
