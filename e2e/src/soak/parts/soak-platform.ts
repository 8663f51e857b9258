import { randomBytes } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createPlatformClient, type PlatformClient, requestToken } from '@verdict/platform-client';
import { openDatabase, openStores, type Stores } from '@verdict/storage';
import { freePorts } from '@verdict/storage/free-ports';
import { adapterEnvironment, type Break } from '../adapters/messages.ts';
import { DatabasePart } from './database-part.ts';
import { makeEnvironment, type PlatformEnvironment } from './environment.ts';
import { type ProcessSpec, RunningProcess } from './running-process.ts';

/** What a soak runs on. */
export interface SoakPlatformOptions {
  readonly folder: string;
  readonly partitions: number;
  readonly detectors: number;
  readonly broken: Break | null;
  readonly onNote: ProcessSpec['onNote'];
}

const databaseOfReference = 'reference';
/** For one answer: whole platforms share the machine, and what is slow here is no fault. */
const answerMs = 60_000;

/** The real processes on 127.0.0.1, each kept alive: database with fsync, event hubs, gateway, retrainer, detectors. */
export class SoakPlatform {
  readonly database: DatabasePart;
  readonly environment: PlatformEnvironment;
  readonly hubs: RunningProcess;
  readonly gateway: RunningProcess;
  readonly retrainer: RunningProcess;
  readonly detectors: RunningProcess[];
  readonly client: PlatformClient;
  readonly #options: SoakPlatformOptions;
  readonly #hubsKey: string;
  readonly #ports: { hubs: number };
  readonly #others: RunningProcess[] = [];

  private constructor(
    options: SoakPlatformOptions,
    parts: { database: DatabasePart; environment: PlatformEnvironment; hubsKey: string; hubsPort: number },
  ) {
    const { database, environment, hubsKey, hubsPort } = parts;
    this.#options = options;
    this.#hubsKey = hubsKey;
    this.#ports = { hubs: hubsPort };
    this.database = database;
    this.environment = environment;
    this.client = createPlatformClient({
      url: environment.url,
      credentials: environment.login,
      timeoutMs: answerMs,
    });
    const { variables } = environment;
    const gatewayPort = new URL(environment.url).port;
    this.hubs = this.#process('event-hubs', 'packages/event-hubs-emulator/src/main.ts', variables);
    this.gateway = this.#process('gateway', 'services/gateway/src/main.ts', {
      ...variables,
      VERDICT_PORT: gatewayPort,
    });
    this.retrainer = this.#process('retrainer', 'services/retrainer/src/main.ts', variables, ['feedback']);
    this.detectors = Array.from({ length: options.detectors }, (_, index) => this.newDetector(index));
  }

  /** Starts database, hubs and gateway; nothing is left behind when that fails. */
  static async start(options: SoakPlatformOptions): Promise<SoakPlatform> {
    const { folder, partitions } = options;
    const data = path.join(folder, 'main');
    await mkdir(data, { recursive: true });
    // Root hands PostgreSQL to another user, who must be able to pass through.
    await chmod(data, 0o711);
    const [databasePort = 0, hubsPort = 0, gatewayPort = 0] = await freePorts(3);
    const database = await DatabasePart.start({
      folder: data,
      port: databasePort,
      password: randomBytes(18).toString('base64url'),
    });
    const hubsKey = randomBytes(32).toString('base64');
    const environment = await makeEnvironment(data, {
      databaseUrl: database.url,
      hubsFolder: path.join(data, 'hubs'),
      ...{ gatewayPort, hubsPort, hubsKey, partitions },
    });
    const platform = new SoakPlatform(options, { database, environment, hubsKey, hubsPort });
    process.on('exit', platform.#kill);
    try {
      await platform.hubs.start();
      await platform.gateway.start();
      return platform;
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  /** Retrainer and detectors, once there is a pool. */
  async startWorkers(): Promise<void> {
    await Promise.all([this.retrainer, ...this.detectors].map((one) => one.start()));
  }

  newDetector(index: number): RunningProcess {
    return this.#process(`detector-${index}`, 'services/detector/src/main.ts', this.environment.variables);
  }

  /** Ends retrainer and detectors for good, each partition committed. */
  async stopWorkers(): Promise<void> {
    await Promise.all([this.retrainer, ...this.detectors].map((one) => one.stop()));
  }

  /** A gateway on a new database, and one detector that does not run yet; both read the same hubs. */
  async addReference(
    onNote: ProcessSpec['onNote'],
  ): Promise<{ environment: PlatformEnvironment; detector: RunningProcess }> {
    const { folder, partitions } = this.#options;
    const data = path.join(folder, databaseOfReference);
    const url = this.database.url;
    const database = openDatabase({ url, applicationName: 'soak', poolSize: 1 });
    await database.query(`CREATE DATABASE ${databaseOfReference}`).finally(() => database.close());
    const [gatewayPort = 0] = await freePorts(1);
    const environment = await makeEnvironment(data, {
      databaseUrl: url.replace(/\/verdict$/, `/${databaseOfReference}`),
      gatewayPort,
      hubsPort: this.#ports.hubs,
      hubsKey: this.#hubsKey,
      hubsFolder: path.join(folder, 'main', 'hubs'),
      partitions,
    });
    const { variables } = environment;
    const gateway = this.#process('reference-gateway', 'services/gateway/src/main.ts', {
      ...variables,
      VERDICT_PORT: String(gatewayPort),
    });
    this.#others.push(gateway);
    await gateway.start();
    const detector = new RunningProcess({
      ...this.#spec('reference-detector', 'services/detector/src/main.ts'),
      environment: {
        ...variables,
        [adapterEnvironment.gated]: 'yes',
        [adapterEnvironment.overlaysUrl]: url,
      },
      onNote,
    });
    this.#others.push(detector);
    return { environment, detector };
  }

  /** A token of the user that may do everything. */
  token(environment = this.environment): Promise<string> {
    return requestToken({ url: environment.url, timeoutMs: answerMs }, environment.login).then(
      (one) => one.access_token,
    );
  }

  /** Works on the stores of a platform. */
  async withStores<T>(environment: PlatformEnvironment, work: (stores: Stores) => Promise<T>): Promise<T> {
    const url = environment.variables.VERDICT_DATABASE_URL ?? '';
    const database = openDatabase({ url, applicationName: 'soak', poolSize: 2 });
    return work(openStores(database)).finally(() => database.close());
  }

  /** Every process that is kept alive. */
  get processes(): readonly RunningProcess[] {
    return [this.hubs, this.gateway, this.retrainer, ...this.detectors, ...this.#others];
  }

  async stop(): Promise<void> {
    await this.database.signal('SIGCONT');
    await Promise.all([this.retrainer, ...this.detectors].map((one) => one.stop()));
    await Promise.all(this.#others.map((one) => one.stop()));
    await this.gateway.stop();
    await this.hubs.stop();
    await this.database.stop();
    process.off('exit', this.#kill);
  }

  /** Whoever ends before it stopped the platform leaves nothing running. */
  readonly #kill = (): void => {
    for (const one of this.processes) one.signal('SIGKILL');
    this.database.kill();
  };

  #spec(name: string, script: string): Omit<ProcessSpec, 'environment'> {
    return {
      ...{ name, script },
      logFolder: path.join(this.#options.folder, 'logs'),
      onNote: this.#options.onNote,
    };
  }

  #process(
    name: string,
    script: string,
    environment: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): RunningProcess {
    const { broken } = this.#options;
    const fault: Record<string, string> =
      broken === null || name.startsWith('reference') ? {} : { [adapterEnvironment.break]: broken };
    return new RunningProcess({
      ...this.#spec(name, script),
      args,
      environment: { ...environment, ...fault },
    });
  }
}
