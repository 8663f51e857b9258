/** Ends this process in the way in which it takes its platforms with it, when somebody asks it to end. */
export function endOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}
