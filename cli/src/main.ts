#!/usr/bin/env node
import { machineClock } from '@verdict/platform-client';
import { readCliConfig } from './config.ts';
import { endingOf } from './failure.ts';
import { runCli } from './run-cli.ts';

const stop = new AbortController();

/** The first signal lets the command finish what it is doing; a second one ends it at once. */
function stopOn(name: 'SIGINT' | 'SIGTERM', code: number): void {
  process.on(name, () => {
    if (stop.signal.aborted) process.exit(code);
    stop.abort();
  });
}
stopOn('SIGINT', 130);
stopOn('SIGTERM', 143);

// Started by another process: stop with it. The channel alone must not keep us alive.
if (process.send !== undefined) {
  process.once('disconnect', () => stop.abort());
  // The parent died while this process was still loading.
  if (!process.connected) stop.abort();
  process.channel?.unref();
}

// A reader that has seen enough (`verdict anomalies | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  const { stdin, stdout, stderr } = process;
  const context = {
    config: readCliConfig(),
    stdin,
    stdout,
    stderr,
    clock: machineClock,
    signal: stop.signal,
  };
  process.exitCode = await runCli(context, process.argv.slice(2));
} catch (error) {
  const { code, message } = endingOf(error, stop.signal);
  if (message !== null) process.stderr.write(`verdict: ${message}\n`);
  process.exitCode = code;
}
