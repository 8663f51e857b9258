import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout, type StandaloneConfig } from '../config.ts';
import type { Secrets } from '../secrets.ts';

/** Where everything of this start is reached; the same for all parts. */
export interface Settings {
  readonly config: StandaloneConfig;
  readonly secrets: Secrets;
  readonly folders: {
    readonly postgres: string;
    readonly hubs: string;
    readonly blobs: string;
    readonly logs: string;
  };
  readonly ports: { readonly postgres: number; readonly hubs: number };
}

/** Where producers and our own processes reach the gateway. */
export function gatewayUrl({ config }: Settings): string {
  const anywhere = config.VERDICT_HOST === '0.0.0.0' || config.VERDICT_HOST === '::';
  const host = anywhere ? '127.0.0.1' : config.VERDICT_HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${config.VERDICT_PORT}`;
}

export function databaseUrl({ secrets, ports }: Settings): string {
  return `postgres://verdict:${encodeURIComponent(secrets.databasePassword)}@127.0.0.1:${ports.postgres}/verdict`;
}

/** Name of the shared access key of the embedded event hubs. */
export const hubsKeyName = 'verdict';

function hubsConnectionString({ secrets, ports }: Settings): string {
  return (
    `Endpoint=sb://127.0.0.1:${ports.hubs};SharedAccessKeyName=${hubsKeyName};` +
    `SharedAccessKey=${secrets.hubsKey};UseDevelopmentEmulator=true;`
  );
}

/** Environment that every service of ours understands; secrets travel in it or as names of 0600 files. */
export function serviceEnvironment(settings: Settings): Record<string, string> {
  return {
    VERDICT_DATABASE_URL: databaseUrl(settings),
    VERDICT_EVENT_HUBS_CONNECTION_STRING: hubsConnectionString(settings),
    VERDICT_DATA_HUB: 'data',
    VERDICT_FEEDBACK_HUB: 'feedback',
    VERDICT_BLOBS_URL: pathToFileURL(settings.folders.blobs).href,
    VERDICT_GATEWAY_URL: gatewayUrl(settings),
    VERDICT_LOG_LEVEL: settings.config.VERDICT_LOG_LEVEL,
    VERDICT_RETENTION_DAYS: String(settings.config.VERDICT_RETENTION_DAYS),
  };
}

/** A process' own log-in. */
export function loginEnvironment(
  settings: Settings,
  user: Parameters<Secrets['passwordFile']>[0],
): Record<string, string> {
  return {
    VERDICT_SERVICE_USER: user,
    VERDICT_SERVICE_PASSWORD_FILE: settings.secrets.passwordFile(user),
  };
}

/** The TypeScript file that is a process. */
export function script(name: string): string {
  return path.join(checkout, name);
}
