import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { answerWithoutLimit } from '../../platform/answer-without-limit.ts';
import { hubsConnectionString } from '../../platform/hubs-connection-string.ts';

export const namespace = 'default';
/** Name of the pool, of its model and of its consumer group. */
export const poolName = 'soak';
export const poolKey = `${namespace}/${poolName}`;
/** Consumer group of the undisturbed detector. */
export const referenceGroup = 'soak-reference';

const username = 'soak';
const keyName = 'soak';

/** What every process of a platform is told. */
export interface PlatformEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  readonly login: { readonly username: string; readonly password: string };
  readonly url: string;
}

/** Writes the files that hold secrets, and says everything else. */
export async function makeEnvironment(
  folder: string,
  at: {
    databaseUrl: string;
    gatewayPort: number;
    hubsPort: number;
    hubsKey: string;
    hubsFolder: string;
    partitions: number;
  },
): Promise<PlatformEnvironment> {
  const secrets = path.join(folder, 'secrets');
  await mkdir(secrets, { mode: 0o700, recursive: true });
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(secrets, name), text, { mode: 0o600 });
    return path.join(secrets, name);
  };
  const password = randomBytes(18).toString('base64url');
  const roles = ['ingest', 'viewer', 'analyst', 'service', 'admin'];
  const url = `http://127.0.0.1:${at.gatewayPort}`;
  const variables = {
    VERDICT_LOG_LEVEL: 'info',
    VERDICT_HOST: '127.0.0.1',
    VERDICT_GATEWAY_URL: url,
    VERDICT_DATABASE_URL: at.databaseUrl,
    VERDICT_EVENT_HUBS_CONNECTION_STRING: hubsConnectionString(at.hubsPort, {
      name: keyName,
      value: at.hubsKey,
    }),
    VERDICT_BLOBS_URL: pathToFileURL(path.join(folder, 'blobs')).href,
    VERDICT_RETENTION_DAYS: '36500',
    VERDICT_NAMESPACE: namespace,
    VERDICT_POOL: poolName,
    VERDICT_SIGNING_KEY_FILE: path.join(secrets, 'signing-key.json'),
    VERDICT_BOOTSTRAP_USERS_FILE: await file('users.json', JSON.stringify([{ username, password, roles }])),
    VERDICT_SERVICE_USER: username,
    VERDICT_SERVICE_PASSWORD_FILE: await file('password', password),
    VERDICT_LOGINS_PER_MINUTE: '1000',
    ...answerWithoutLimit,
    VERDICT_EMULATOR_HOST: '127.0.0.1',
    VERDICT_EMULATOR_PORT: String(at.hubsPort),
    VERDICT_EMULATOR_DATA: at.hubsFolder,
    VERDICT_EMULATOR_HUBS: `data:${at.partitions},feedback:2`,
    VERDICT_EMULATOR_CONSUMER_GROUPS: [poolName, referenceGroup, 'retrainer'].join(','),
    VERDICT_EMULATOR_KEY_NAME: keyName,
    VERDICT_EMULATOR_KEY_FILE: await file('hubs-key', at.hubsKey),
  };
  return { variables, login: { username, password }, url };
}
