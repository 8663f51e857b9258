import { randomBytes } from 'node:crypto';
import { OwnerLevels } from './amqp/owner-levels.ts';
import { listen } from './amqp/server.ts';
import type { EmulatorLog, ServerContext } from './amqp/server-context.ts';
import { connectionString } from './connection-string.ts';
import { type OpenLogFile, openLogFile } from './log/log-file.ts';
import type { Retention } from './log/retention.ts';
import type { AccessKey } from './sas-token.ts';
import type { HubSettings } from './store/hub.ts';
import { openNamespace } from './store/namespace.ts';

export interface EmulatorOptions {
  /** Where everything is kept; made if need be; one emulator at a time. */
  dataFolder: string;
  hubs: readonly HubSettings[];
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Default: the name `emulator` and a random value, both in the connection string. */
  key?: AccessKey;
  /** Default: 24 hours, 1 GiB per partition, segments of 16 MiB. */
  retention?: Partial<Retention>;
  /** How often old segments are looked for; default 10 s. */
  retentionEveryMs?: number;
  /** Longest message that is taken; default 1 MiB, as by the service. */
  maxMessageBytes?: number;
  /** A connection is closed when it was silent for twice as long; default 60 s. */
  idleTimeoutMs?: number;
  /** The clock, ms since 1970. */
  nowMs?: () => number;
  /** The files of the log; for tests of a failing disk. */
  openFile?: OpenLogFile;
  log?: EmulatorLog;
}

export interface Emulator {
  port: number;
  /** Without `EntityPath`: name the hub when making a client. */
  connectionString: string;
  /** Lets sends under way end, tells the clients, frees port and folder. */
  stop(): Promise<void>;
}

const SILENT: EmulatorLog = { debug: () => undefined, warn: () => undefined };

/**
 * Starts an emulator.
 *
 * @throws DataFolderError when the folder is in use, newer, or has another number of partitions;
 *   the system's error when the port is in use (`EADDRINUSE`)
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { host = '127.0.0.1', nowMs = Date.now, log = SILENT } = options;
  const key = options.key ?? { name: 'emulator', value: randomBytes(32).toString('base64') };
  const namespace = await openNamespace({
    folder: options.dataFolder,
    hubs: options.hubs,
    retention: {
      afterMs: 24 * 3600_000,
      maxBytes: 2 ** 30,
      segmentBytes: 16 * 2 ** 20,
      ...options.retention,
    },
    retentionEveryMs: options.retentionEveryMs ?? 10_000,
    openFile: options.openFile ?? openLogFile,
    nowMs,
    warn: (message, fields) => log.warn(message, fields),
  });
  const maxMessageBytes = options.maxMessageBytes ?? 1024 * 1024;
  const ownerLevels = new OwnerLevels();
  const context: ServerContext = { namespace, key, ownerLevels, log, maxMessageBytes, nowMs };
  try {
    const { port = 0, idleTimeoutMs = 60_000 } = options;
    const server = await listen(context, { host, port, idleTimeoutMs });
    return {
      port: server.port,
      connectionString: connectionString(host, server.port, key),
      async stop() {
        await namespace.idle();
        await server.stop();
        await namespace.close();
      },
    };
  } catch (error) {
    await namespace.close();
    throw error;
  }
}
