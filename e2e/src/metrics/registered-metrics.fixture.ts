import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@verdict/storage/embedded';
import { startHubs } from '../platform/start-hubs.ts';
import { type RunningPart, startPart } from '../platform/start-part.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const hook = fileURLToPath(new URL('tell-registrations.mjs', import.meta.url));
const password = 'correct-horse-battery';

/** One metric as a process registers it. */
export interface Metric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

export const processes = ['gateway', 'detector', 'retrainer', 'operator'] as const;
export type Process = (typeof processes)[number];

/**
 * What every process registers, found out by running each of them for real, on a database and hubs of their own. The
 * operator finds no API server, which changes nothing of what it registers before it leads.
 */
export async function registeredMetrics(): Promise<ReadonlyMap<Process, readonly Metric[]>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'verdict-metrics-'));
  const running: RunningPart[] = [];
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const start = async (script: string, args: readonly string[], environment: Record<string, string>) => {
    const own = {
      VERDICT_HOST: '127.0.0.1',
      VERDICT_PORT: '0',
      VERDICT_LOG_LEVEL: 'error',
      VERDICT_REGISTRATIONS: path.join(folder, `${path.dirname(script).replaceAll('/', '-')}.jsonl`),
    };
    const part = await startPart(script, { ...own, ...environment }, { args, execArgv: ['--import', hook] });
    running.push(part);
    return part;
  };
  let postgres: EmbeddedPostgres | undefined;
  try {
    postgres = await startEmbeddedPostgres({
      dataDir: path.join(folder, 'postgres'),
      port: 0,
      password: 'postgres',
      fsync: false,
    });
    const hubs = await startHubs(folder, { consumerGroups: ['shop', 'retrainer'] });
    running.push(hubs);
    const common = {
      VERDICT_DATABASE_URL: postgres.url,
      VERDICT_EVENT_HUBS_CONNECTION_STRING: hubs.connectionString,
      VERDICT_BLOBS_URL: `file://${folder}/blobs`,
    };
    const gateway = await start('services/gateway/src/main.ts', [], {
      ...common,
      VERDICT_SIGNING_KEY_FILE: path.join(folder, 'signing'),
      VERDICT_BOOTSTRAP_USERS_FILE: write(
        'users.json',
        JSON.stringify([{ username: 'detector', password, roles: ['service'] }]),
      ),
    });
    const url = { VERDICT_GATEWAY_URL: gateway.url };
    await start('services/detector/src/main.ts', [], {
      ...common,
      ...url,
      VERDICT_POOL: 'shop',
      VERDICT_SERVICE_USER: 'detector',
      VERDICT_SERVICE_PASSWORD_FILE: write('password', password),
    });
    await start('services/retrainer/src/main.ts', ['feedback'], common);
    await start('operator/src/main.ts', [], {
      ...url,
      KUBECONFIG: write('kubeconfig', JSON.stringify(nowhere)),
      VERDICT_SERVICE_TOKEN_FILE: write('token', 'token'),
      VERDICT_SETTINGS_FILE: write('settings.json', JSON.stringify(await operatorSettings())),
    });
    const read = (name: string) => readMetrics(path.join(folder, `${name}-src.jsonl`));
    return new Map<Process, readonly Metric[]>([
      ['gateway', read('services-gateway')],
      ['detector', read('services-detector')],
      ['retrainer', read('services-retrainer')],
      ['operator', [...read('operator'), ...onlyOfLeaders].sort(byName)],
    ]);
  } finally {
    await Promise.all(running.map((part) => part.stop('SIGKILL')));
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the operator registers when it begins to lead; operator/src/main.kube.test.ts has one that does. */
const onlyOfLeaders: readonly Metric[] = [
  {
    name: 'verdict_events_dropped_total',
    type: 'counter',
    help: 'Kubernetes Events that were not written, by reason.',
    labels: ['reason'],
  },
];

/** A cluster that does not answer. */
const nowhere = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'nowhere', cluster: { server: 'http://127.0.0.1:1' } }],
  users: [{ name: 'nobody', user: {} }],
  contexts: [{ name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } }],
  'current-context': 'nowhere',
};

async function operatorSettings(): Promise<unknown> {
  const { settings } = await import(`${root}/operator/src/resources/objects.fixture.ts`);
  return settings;
}

function readMetrics(file: string): Metric[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => {
      const { name, type, help, labelNames } = JSON.parse(line) as Metric & { labelNames?: string[] };
      return { name, type, help, labels: labelNames ?? [] };
    })
    .sort(byName);
}

function byName(a: Metric, b: Metric): number {
  return a.name < b.name ? -1 : 1;
}
