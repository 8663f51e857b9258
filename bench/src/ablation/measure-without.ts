import { measureSets } from '../quality/quality-report.ts';
import type { AblationRequest } from './ablate.ts';

// The child process of one row: measures, and sends the report to its parent.

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('disconnect', () => stop.abort());

try {
  const request = JSON.parse(process.argv[2] ?? '') as AblationRequest;
  const report = await measureSets(request, { signal: stop.signal, tell: () => {} });
  // The channel is closed once it was sent: nothing else keeps the process.
  process.send?.(report, () => process.disconnect());
} catch (error) {
  process.exitCode = 1;
  if (!stop.signal.aborted) console.error(error instanceof Error ? error.message : error);
  if (process.connected) process.disconnect();
}
