import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Role } from '@verdict/contracts';
import { type ArtefactKeys, keepArtefactKeys } from './artefact-keys.ts';
import type { Person } from './people.ts';
import { writeWhole } from './write-whole.ts';

/** Name of the user that every start has. */
const adminName = 'admin';

/** Users of ours that processes log in as, and what they may do. */
const processUsers = {
  detector: ['service'],
  retrainer: ['service'],
  conductor: ['service'],
  producer: ['ingest', 'viewer'],
} as const satisfies Record<string, readonly Role[]>;

export type ProcessUser = keyof typeof processUsers;

/** Names that are taken by users of ours. */
export const ownUsers: readonly string[] = [adminName, ...Object.keys(processUsers)];

/** Everything secret of one data folder. */
export interface Secrets extends ArtefactKeys {
  /** File that holds the password of the database. */
  readonly databasePasswordFile: string;
  readonly databasePassword: string;
  /** Key of the event hubs' shared access signatures. */
  readonly hubsKeyFile: string;
  readonly hubsKey: string;
  /** Private key of the gateway's tokens; the gateway makes it. */
  readonly signingKeyFile: string;
  /** All users that must exist, for the gateway. */
  readonly usersFile: string;
  /** Password of the user `admin`, and whether anybody knows it: they chose it, or it was shown to them. */
  readonly admin: { readonly password: string; readonly known: boolean };
  /** Says that the password of `admin` has been shown. */
  adminShown(): Promise<void>;
  passwordFile(user: ProcessUser): string;
}

/**
 * Reads the secrets of a data folder, making those that are missing; each file has mode 0600. An admin password from
 * outside replaces the one that is kept, and stays when a later start brings none. `people` are users beside ours.
 */
export async function loadSecrets(
  folder: string,
  adminPassword: string | undefined,
  people: readonly Person[] = [],
): Promise<Secrets> {
  const file = (name: string) => path.join(folder, name);
  const database = await keep(file('database-password'), () => token(24));
  const hubs = await keep(file('hubs-key'), () => randomBytes(32).toString('base64'));
  // Apart from the password, since the start that makes it may fail before it is shown.
  const adminShown = () => writeWhole(file('admin-password-known'), 'yes');
  if (adminPassword !== undefined) {
    await writeWhole(file('admin-password'), adminPassword);
    await adminShown();
  }
  const admin = await keep(file('admin-password'), readablePassword);
  const known = (await read(file('admin-password-known'))) !== null;
  const users = [{ username: adminName, password: admin, roles: ['admin'] as readonly Role[] }];
  for (const [username, roles] of Object.entries(processUsers)) {
    const password = await keep(file(`${username}-password`), () => token(24));
    users.push({ username, password, roles });
  }
  const artefactKeys = await keepArtefactKeys(folder);
  await writeWhole(file('users.json'), JSON.stringify([...users, ...people]));
  return {
    ...artefactKeys,
    databasePasswordFile: file('database-password'),
    databasePassword: database,
    hubsKeyFile: file('hubs-key'),
    hubsKey: hubs,
    signingKeyFile: file('signing-key.json'),
    usersFile: file('users.json'),
    admin: { password: admin, known },
    adminShown,
    passwordFile: (user) => file(`${user}-password`),
  };
}

async function keep(file: string, make: () => string): Promise<string> {
  const kept = await read(file);
  if (kept) {
    // A copied folder has lost its modes, perhaps.
    await chmod(file, 0o600);
    return kept;
  }
  const value = make();
  await writeWhole(file, value);
  return value;
}

async function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

function token(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** 80 random bits in letters that are hard to mistake, such as `kq3v-8m2x-r7tn-w4hc`. */
function readablePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789x';
  const text = [...randomBytes(16)].map((byte) => letters[byte % 32]).join('');
  return text.replace(/(.{4})(?=.)/g, '$1-');
}
