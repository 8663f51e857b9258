import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { requestToken } from '@verdict/platform-client';
import { type Database, openDatabase, openStores, type Stores } from '@verdict/storage';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@verdict/storage/embedded';
import { freePorts } from '@verdict/storage/free-ports';
import { type StartedProcess, startProcess } from './child-process.ts';
import { type Usage, usageOf } from './process-usage.ts';
import { type LearntVersion, modelName, namespace, publishVersion } from './publish-version.ts';
import { startHubs } from './start-hubs.ts';

/** What a platform for measurements is made of. */
export interface BenchPlatformOptions {
  readonly partitions: number;
  readonly learnt: LearntVersion | null;
  /** Where CPU profiles go; null = none are made. */
  readonly profileFolder: string | null;
  readonly detectors: number;
}

/** Usage by part: `gateway`, `hub`, `detectors`, `database`, `client`. */
export type UsageByPart = Readonly<Record<string, Usage>>;

const user = 'bench';

/**
 * The real processes on 127.0.0.1: database with fsync, event hubs, gateway, and detectors that come and go. All in
 * one new folder, which is removed at the end.
 */
export class BenchPlatform {
  readonly url: string;
  readonly hubs: string;
  readonly stores: Stores;
  readonly database: Database;
  readonly #folder: string;
  readonly #options: BenchPlatformOptions;
  readonly #postgres: EmbeddedPostgres;
  readonly #processes: readonly StartedProcess[];
  readonly #environment: Readonly<Record<string, string>>;
  #detectors: StartedProcess[] = [];
  #client: StartedProcess | null = null;

  private constructor(parts: {
    folder: string;
    options: BenchPlatformOptions;
    postgres: EmbeddedPostgres;
    database: Database;
    processes: readonly StartedProcess[];
    environment: Readonly<Record<string, string>>;
  }) {
    this.#folder = parts.folder;
    this.#options = parts.options;
    this.#postgres = parts.postgres;
    this.#processes = parts.processes;
    this.#environment = parts.environment;
    this.database = parts.database;
    this.stores = openStores(parts.database);
    this.url = parts.environment.VERDICT_GATEWAY_URL ?? '';
    this.hubs = parts.environment.VERDICT_EVENT_HUBS_CONNECTION_STRING ?? '';
  }

  /** Starts everything but the detectors; leaves nothing behind when that fails. */
  static async start(options: BenchPlatformOptions): Promise<BenchPlatform> {
    const folder = await mkdtemp(path.join(tmpdir(), 'verdict-bench-'));
    // Root hands PostgreSQL to another user, who must be able to pass through.
    await chmod(folder, 0o711);
    const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
    try {
      const [databasePort = 0, gatewayPort = 0] = await freePorts(2);
      const postgres = await startEmbeddedPostgres({
        dataDir: path.join(folder, 'postgres'),
        port: databasePort,
        password: randomBytes(18).toString('base64url'),
      });
      undo.push(() => postgres.stop());
      const common = { logFolder: path.join(folder, 'logs'), profileFolder: options.profileFolder };
      const { process: hub, connectionString } = await startHubs(folder, {
        ...common,
        partitions: options.partitions,
        consumerGroups: [modelName],
      });
      undo.push(() => hub.stop());
      const environment = await writeSecrets(folder, { postgres, connectionString, gatewayPort });
      const gateway = startProcess({
        ...common,
        name: 'gateway',
        script: 'services/gateway/src/main.ts',
        environment,
      });
      undo.push(() => gateway.stop());
      await gateway.listening;
      const database = openDatabase({ url: postgres.url, applicationName: 'bench', poolSize: 2 });
      undo.push(() => database.close());
      const platform = new BenchPlatform({
        folder,
        options,
        postgres,
        database,
        processes: [gateway, hub],
        environment,
      });
      await publishVersion(
        {
          stores: platform.stores,
          blobsUrl: environment.VERDICT_BLOBS_URL ?? '',
          partitions: options.partitions,
          replicas: options.detectors,
        },
        options.learnt,
      );
      return platform;
    } catch (error) {
      for (const step of undo.reverse()) await step();
      throw error;
    }
  }

  token(): Promise<string> {
    return requestToken({ url: this.url }, credentials(this.#environment)).then((one) => one.access_token);
  }

  /** Starts the detectors; they claim the partitions by themselves. */
  async startDetectors(count = this.#options.detectors): Promise<void> {
    for (let index = 0; index < count; index += 1)
      this.#detectors.push(
        startProcess({
          name: `detector-${index}`,
          script: 'services/detector/src/main.ts',
          logFolder: path.join(this.#folder, 'logs'),
          profileFolder: this.#options.profileFolder,
          environment: { ...this.#environment, VERDICT_PORT: '0' },
        }),
      );
    await Promise.all(this.#detectors.map(({ listening }) => listening));
  }

  /** Stops them as a rollout would: the batch under way is committed with a snapshot. */
  async stopDetectors(): Promise<void> {
    await Promise.all(this.#detectors.map((one) => one.stop()));
    this.#detectors = [];
  }

  /** URL of each detector, in the order in which they were started. */
  async detectorUrls(): Promise<string[]> {
    const ports = await Promise.all(this.#detectors.map(({ listening }) => listening));
    return ports.map((port) => `http://127.0.0.1:${port}`);
  }

  /** Ends one detector; resolves when its process is gone. */
  async endDetector(index: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const [ended] = this.#detectors.splice(index, 1);
    if (ended === undefined) throw new RangeError(`there is no detector ${index}`);
    if (signal === 'SIGTERM') return ended.stop();
    const gone = new Promise((resolve) => ended.child.once('exit', resolve));
    ended.child.kill(signal);
    await gone;
  }

  /** The process that sends; it lives as long as the platform. */
  client(): StartedProcess {
    this.#client ??= startProcess({
      name: 'client',
      script: 'bench/src/stream-client/main.ts',
      environment: {},
      logFolder: path.join(this.#folder, 'logs'),
      profileFolder: this.#options.profileFolder,
    });
    return this.#client;
  }

  /** Text of `/metrics` of every detector. */
  async detectorMetrics(): Promise<string[]> {
    const urls = await this.detectorUrls();
    return Promise.all(
      urls.map(async (url) => {
        const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(30_000) });
        return answer.text();
      }),
    );
  }

  /** Readings that detectors have committed so far. */
  async committed(): Promise<number> {
    const { partitions } = await this.stores.plans.poolState(`${namespace}/${modelName}`);
    return partitions.reduce((sum, { readings }) => sum + readings, 0);
  }

  usage(): UsageByPart {
    const parts: Record<string, Usage> = {};
    if (this.#client !== null) parts.client = usageOf(this.#client.pid);
    for (const { name, pid } of this.#processes) parts[name] = usageOf(pid);
    const detectors = this.#detectors.map(({ pid }) => usageOf(pid));
    parts.detectors = {
      cpuMs: detectors.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      residentBytes: detectors.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    };
    parts.database = usageOf(this.#postgres.pid, true);
    return parts;
  }

  async stop(): Promise<void> {
    await this.#client?.stop();
    await this.stopDetectors();
    for (const one of this.#processes) await one.stop();
    await this.database.close();
    await this.#postgres.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Writes the files that hold secrets; resolves with the environment that every process gets. */
async function writeSecrets(
  folder: string,
  at: { postgres: EmbeddedPostgres; connectionString: string; gatewayPort: number },
): Promise<Record<string, string>> {
  const secrets = path.join(folder, 'secrets');
  await mkdir(secrets, { mode: 0o700 });
  const password = randomBytes(18).toString('base64url');
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(secrets, name), text, { mode: 0o600 });
    return path.join(secrets, name);
  };
  const users = [{ username: user, password, roles: ['ingest', 'viewer', 'service'] }];
  return {
    VERDICT_LOG_LEVEL: 'warn',
    VERDICT_HOST: '127.0.0.1',
    VERDICT_PORT: String(at.gatewayPort),
    VERDICT_GATEWAY_URL: `http://127.0.0.1:${at.gatewayPort}`,
    VERDICT_DATABASE_URL: at.postgres.url,
    VERDICT_EVENT_HUBS_CONNECTION_STRING: at.connectionString,
    VERDICT_BLOBS_URL: pathToFileURL(path.join(folder, 'blobs')).href,
    VERDICT_RETENTION_DAYS: '36500',
    VERDICT_NAMESPACE: namespace,
    VERDICT_POOL: modelName,
    VERDICT_SIGNING_KEY_FILE: path.join(secrets, 'signing-key.json'),
    VERDICT_BOOTSTRAP_USERS_FILE: await file('users.json', JSON.stringify(users)),
    VERDICT_SERVICE_USER: user,
    VERDICT_SERVICE_PASSWORD_FILE: await file('password', password),
    BENCH_PASSWORD: password,
  };
}

function credentials(environment: Readonly<Record<string, string>>): { username: string; password: string } {
  return { username: user, password: environment.BENCH_PASSWORD ?? '' };
}
