/**
 * How a process hears that it is asked to end. A face of its own (`@verdict/process/end-signals`): a measurement that
 * can be interrupted does not load all that a service needs.
 */

/** What a shell says of a process that a signal ended: 128 and the signal's number. */
const endSignals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** Calls `asked` each time that somebody asks this process to end; it goes on until it ends itself. */
export function onEndSignal(asked: (signal: 'SIGINT' | 'SIGTERM', exitCode: number) => void): void {
  for (const [signal, exitCode] of endSignals) process.on(signal, () => asked(signal, exitCode));
}

/** Exits at the first signal, so that what is bound to the exit of this process ends with it. */
export function exitOnSignal(): void {
  onEndSignal((_, exitCode) => process.exit(exitCode));
}

/**
 * For a long run that stops what it started by itself. The first signal aborts the one that is returned, and the exit
 * code will tell of it; a second one exits at once.
 */
export function abortOnSignal(tell: (sentence: string) => void = () => {}): AbortSignal {
  const stop = new AbortController();
  onEndSignal((signal, exitCode) => {
    if (stop.signal.aborted) process.exit(exitCode);
    tell('Stopping what was started …');
    process.exitCode = exitCode;
    stop.abort(new Error(signal));
  });
  return stop.signal;
}
