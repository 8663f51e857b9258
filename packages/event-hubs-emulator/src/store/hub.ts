import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderError } from '../data-folder-error.ts';
import { writeFileDurably } from '../log/durable-write.ts';
import { PartitionLog, type PartitionLogOptions } from '../log/partition-log.ts';

/** A hub as it is wanted. */
export interface HubSettings {
  /** Letters, digits, `.`, `_` and `-`. */
  name: string;
  /** 1 to 1024; it cannot be changed later. */
  partitions: number;
  /** Beside `$Default`, which every hub has. */
  consumerGroups?: readonly string[];
}

/** A hub with its partitions open. */
export interface Hub {
  name: string;
  /** Made once with the hub's folder: another value means another hub under the same name. */
  createdOnMs: number;
  partitions: readonly PartitionLog[];
  /** In lower case, `$default` among them. */
  consumerGroups: ReadonlySet<string>;
  /** Partition for events that name none, each in turn. */
  nextPartition(): number;
}

interface HubIdentity {
  id: string;
  createdOnMs: number;
  partitions: number;
}

/** Opens a hub's folder, made if need be. @throws DataFolderError when it has another number of partitions */
export async function openHub(settings: HubSettings, options: PartitionLogOptions): Promise<Hub> {
  const { name, partitions, consumerGroups = [] } = settings;
  if (!/^[a-z0-9][a-z0-9._-]{0,255}$/i.test(name))
    throw new DataFolderError(`'${name}' cannot be the name of a hub.`);
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 1024) {
    throw new DataFolderError(
      `Hub '${name}' can have 1 to 1024 partitions, and ${partitions} are asked for.`,
    );
  }
  const folder = join(options.folder, name.toLowerCase());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const identity = await loadIdentity(join(folder, 'hub.json'), partitions, options.nowMs());
  if (identity.partitions !== partitions) {
    throw new DataFolderError(
      `Hub '${name}' has ${identity.partitions} partitions in ${folder}, and ${partitions} are asked for: the number cannot be changed; ask for ${identity.partitions} or use another data folder.`,
    );
  }
  const logs: PartitionLog[] = [];
  try {
    for (let index = 0; index < partitions; index++) {
      logs.push(await PartitionLog.open({ ...options, folder: join(folder, String(index)) }));
    }
  } catch (error) {
    await Promise.all(logs.map((log) => log.close()));
    throw error;
  }
  let turn = -1;
  return {
    name,
    createdOnMs: identity.createdOnMs,
    partitions: logs,
    consumerGroups: new Set(['$default', ...consumerGroups.map((group) => group.toLowerCase())]),
    nextPartition() {
      turn = (turn + 1) % partitions;
      return turn;
    },
  };
}

async function loadIdentity(path: string, partitions: number, nowMs: number): Promise<HubIdentity> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const identity: HubIdentity = { id: randomUUID(), createdOnMs: nowMs, partitions };
    await writeFileDurably(path, `${JSON.stringify(identity)}\n`);
    return identity;
  }
  const identity = JSON.parse(text) as Partial<HubIdentity>;
  if (typeof identity.partitions !== 'number' || typeof identity.createdOnMs !== 'number') {
    throw new DataFolderError(`The file ${path} does not describe a hub.`);
  }
  return identity as HubIdentity;
}
