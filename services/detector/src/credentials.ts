import { readFile } from 'node:fs/promises';
import { type Credentials, tokenFile } from '@verdict/platform-client';
import { StartError } from '@verdict/process';
import type { DetectorConfig } from './config.ts';

/** With what this process comes to the gateway: a token that others keep fresh, or a user and its password. */
export async function serviceCredentials(config: DetectorConfig): Promise<Credentials> {
  const { VERDICT_SERVICE_TOKEN_FILE: token, VERDICT_SERVICE_PASSWORD_FILE: file } = config;
  if (token !== undefined) return tokenFile(token);
  return { username: config.VERDICT_SERVICE_USER ?? '', password: await readPassword(file ?? '') };
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new StartError(`VERDICT_SERVICE_PASSWORD_FILE (${file}) cannot be read.`, { cause });
  }
}
