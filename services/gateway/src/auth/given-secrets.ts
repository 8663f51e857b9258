import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { BootstrapUser } from './bootstrap-users.ts';

/** Where a platform puts secrets into the environment, one that it could not fetch arrives as its reference. */
const secret = z
  .string()
  .refine((text) => !text.startsWith('@Microsoft.KeyVault('), 'App Service could not fetch it from the vault')
  .optional();

/** Secrets as values, for hosts that hand them over in the environment (App Service); files elsewhere. */
export const givenSecrets = {
  /** Instead of VERDICT_SIGNING_KEY_FILE: what would be in it. */
  VERDICT_SIGNING_KEY: secret,
  /** Password of a user `service` of role service, with which detectors and retrainer come. */
  VERDICT_SERVICE_PASSWORD: secret,
};

/** A secret as a file that only this process' user can read, until it is removed. */
export interface SecretFile {
  readonly file: string;
  remove(): Promise<void>;
}

/** Writes a secret that was given as a value to where it is read from. */
export async function asFile(text: string): Promise<SecretFile> {
  const folder = await mkdtemp(join(tmpdir(), 'verdict-secret-'));
  const file = join(folder, 'secret');
  await writeFile(file, text, { mode: 0o600 });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The user of our own processes, where its password is given. */
export function serviceUser(password: string | undefined): BootstrapUser[] {
  return password === undefined ? [] : [{ username: 'service', password, roles: ['service'] }];
}
