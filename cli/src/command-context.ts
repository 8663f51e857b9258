import type { Readable, Writable } from 'node:stream';
import type { ClientClock } from '@verdict/platform-client';
import type { CliConfig } from './config.ts';

/** A stream that may be a terminal. */
export type Terminal<Stream> = Stream & { isTTY?: boolean };

/** The world as a command sees it. */
export interface CommandContext {
  config: CliConfig;
  stdin: Terminal<Readable> & { setRawMode?: (raw: boolean) => unknown };
  stdout: Terminal<Writable>;
  stderr: Terminal<Writable>;
  clock: ClientClock;
  /** Aborts when the command is asked to stop. */
  signal: AbortSignal;
}
