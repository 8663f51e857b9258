/**
 * Whole milliseconds, rounded down, of nanoseconds since 1970. As a double these are up to 128 ns off, which would
 * take a whole millisecond from every eighth time that is one exactly; whole microseconds are exact.
 */
export function millisecondsOfNanoseconds(ns: number): number {
  return Math.floor(Math.round(ns / 1000) / 1000);
}
