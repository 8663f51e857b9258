import { join } from 'node:path';
import { DataFolderError } from '../data-folder-error.ts';
import type { OpenLogFile } from '../log/log-file.ts';
import type { PartitionLogOptions } from '../log/partition-log.ts';
import type { Retention } from '../log/retention.ts';
import { claimDataFolder } from './data-folder.ts';
import { type Hub, type HubSettings, openHub } from './hub.ts';

/** All hubs of one data folder. */
export interface Namespace {
  hubs: readonly Hub[];
  openFile: OpenLogFile;
  /** The hub of a name in any case. */
  findHub(name: string): Hub | undefined;
  /** Resolves when every append made so far has settled. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface NamespaceOptions {
  folder: string;
  hubs: readonly HubSettings[];
  retention: Retention;
  retentionEveryMs: number;
  openFile: OpenLogFile;
  nowMs(): number;
  warn(message: string, fields: Record<string, unknown>): void;
}

/** Locks the data folder and opens its hubs. @throws DataFolderError */
export async function openNamespace(options: NamespaceOptions): Promise<Namespace> {
  const { folder, retention, openFile, nowMs, warn } = options;
  refuseTwins(options.hubs);
  const unlock = await claimDataFolder(folder);
  const hubs: Hub[] = [];
  const logs = () => hubs.flatMap((hub) => hub.partitions);
  try {
    const logOptions: PartitionLogOptions = {
      folder: join(folder, 'hubs'),
      openFile,
      retention,
      nowMs,
      warn,
    };
    for (const settings of options.hubs) hubs.push(await openHub(settings, logOptions));
  } catch (error) {
    await Promise.all(logs().map((log) => log.close()));
    unlock();
    throw error;
  }
  const timer = setInterval(() => {
    for (const log of logs()) {
      log
        .applyRetention()
        .catch((error: unknown) => warn('Old events could not be dropped.', { error: String(error) }));
    }
  }, options.retentionEveryMs);
  timer.unref();
  return {
    hubs,
    openFile,
    findHub: (name) => hubs.find((hub) => hub.name.toLowerCase() === name.toLowerCase()),
    async idle() {
      await Promise.all(logs().map((log) => log.idle()));
    },
    async close() {
      clearInterval(timer);
      await Promise.all(logs().map((log) => log.close()));
      unlock();
    },
  };
}

/** Two hubs of one name would write the same files. */
function refuseTwins(hubs: readonly HubSettings[]): void {
  const names = hubs.map(({ name }) => name.toLowerCase());
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new DataFolderError(`Hub '${twin}' is named twice.`);
}
