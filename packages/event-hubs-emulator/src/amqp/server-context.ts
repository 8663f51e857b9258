import type { AccessKey } from '../sas-token.ts';
import type { Namespace } from '../store/namespace.ts';
import type { OwnerLevels } from './owner-levels.ts';

/** Where the emulator says what happens. `warn` is for what an operator may want to know. */
export interface EmulatorLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** What every connection works with. */
export interface ServerContext {
  namespace: Namespace;
  key: AccessKey;
  ownerLevels: OwnerLevels;
  log: EmulatorLog;
  /** Longest message that is taken, bytes. */
  maxMessageBytes: number;
  nowMs(): number;
}
