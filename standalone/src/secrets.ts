import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Role } from '@verdict/contracts';

/** Users of ours that processes log in as, and what they may do. */
const processUsers = {
  detector: ['service'],
  retrainer: ['service'],
  conductor: ['service'],
  producer: ['ingest', 'viewer'],
} as const satisfies Record<string, readonly Role[]>;

export type ProcessUser = keyof typeof processUsers;

/** Everything secret of one data folder. */
export interface Secrets {
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
  /** Password of the user `admin`, and whether it was made just now. */
  readonly admin: { readonly password: string; readonly made: boolean };
  passwordFile(user: ProcessUser): string;
}

/** Reads the secrets of a data folder, making those that are missing; each file has mode 0600. */
export async function loadSecrets(folder: string, adminPassword: string | undefined): Promise<Secrets> {
  const file = (name: string) => path.join(folder, name);
  const database = await keep(file('database-password'), () => token(24));
  const hubs = await keep(file('hubs-key'), () => randomBytes(32).toString('base64'));
  const admin = adminPassword
    ? { value: adminPassword, made: false }
    : await keep(file('admin-password'), readablePassword);
  const users = [{ username: 'admin', password: admin.value, roles: ['admin'] as readonly Role[] }];
  for (const [username, roles] of Object.entries(processUsers)) {
    const { value } = await keep(file(`${username}-password`), () => token(24));
    users.push({ username, password: value, roles });
  }
  await write(file('users.json'), JSON.stringify(users));
  return {
    databasePasswordFile: file('database-password'),
    databasePassword: database.value,
    hubsKeyFile: file('hubs-key'),
    hubsKey: hubs.value,
    signingKeyFile: file('signing-key.json'),
    usersFile: file('users.json'),
    admin: { password: admin.value, made: admin.made },
    passwordFile: (user) => file(`${user}-password`),
  };
}

async function keep(file: string, make: () => string): Promise<{ value: string; made: boolean }> {
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (kept) return { value: kept.trim(), made: false };
  const value = make();
  await write(file, value);
  return { value, made: true };
}

/** A file is there whole or not at all, and never readable by others. */
async function write(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
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
