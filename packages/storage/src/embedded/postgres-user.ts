import { readFile } from 'node:fs/promises';

/** A user of the operating system to run PostgreSQL as. */
export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root hands it to another user: the owner of an existing data folder,
 * else `postgres`, else `nobody` (every container image has at least the latter; nobody is created, because
 * `useradd` is missing in small images). Null = not root: run as oneself.
 */
export async function postgresUser(dataOwner: PostgresUser | null): Promise<PostgresUser | null> {
  if (process.getuid?.() !== 0) return null;
  if (dataOwner !== null && dataOwner.uid !== 0) return dataOwner;
  const users = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  const user = users.get('postgres') ?? users.get('nobody');
  if (user === undefined)
    throw new Error(
      'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody" to run it as',
    );
  return user;
}

/** Users by name; root and its aliases are left out. */
export function parsePasswd(text: string): Map<string, PostgresUser> {
  const users = new Map<string, PostgresUser>();
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined || Number(uid) === 0) continue;
    users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
