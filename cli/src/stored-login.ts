import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CommandFailure } from './failure.ts';

/** A login that was stored by `verdict login`. */
const StoredLogin = z.object({
  username: z.string(),
  token: z.string(),
  /** Epoch milliseconds. */
  expiresAtMs: z.number(),
  /** With it the token is renewed; good once. */
  refreshToken: z.string().optional(),
});
export type StoredLogin = z.infer<typeof StoredLogin>;

const LoginFile = z.object({ logins: z.record(z.string(), StoredLogin) });

/** Stored logins by the URL of the gateway; none when the file does not exist. */
async function readLogins(file: string): Promise<Record<string, StoredLogin>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new CommandFailure(`The stored login in ${file} cannot be read: ${String(error)}.`);
  }
  try {
    return LoginFile.parse(JSON.parse(text)).logins;
  } catch {
    throw new CommandFailure(`The stored login in ${file} is damaged: remove the file and log in again.`);
  }
}

/** The login that was stored for a gateway, or null. */
export async function readLogin(file: string, url: string): Promise<StoredLogin | null> {
  return (await readLogins(file))[url] ?? null;
}

/** Stores a login beside those for other gateways, readable by its owner alone. */
export async function storeLogin(file: string, url: string, login: StoredLogin): Promise<void> {
  await writeLogins(file, { ...(await readLogins(file)), [url]: login });
}

/** Forgets the login for a gateway. */
export async function forgetLogin(file: string, url: string): Promise<void> {
  const { [url]: _forgotten, ...others } = await readLogins(file);
  await writeLogins(file, others);
}

async function writeLogins(file: string, logins: Record<string, StoredLogin>): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, `${JSON.stringify({ logins }, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, file);
}
