import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AnomalyModelSpec, DetectorPoolSpec, type Role, TokenResponse } from '@verdict/contracts';
import { type Database, migrate, openDatabase, openStores, type Stores } from '@verdict/storage';
import { startTestDatabase, type TestDatabase } from '@verdict/storage/testing';
import { type RunningHubs, startHubs } from './start-hubs.ts';
import { type RunningPart, startPart } from './start-part.ts';

/** The way of readings in processes of its own, each of which a test may kill or hold still: nothing restarts them. */
export interface RunningStream {
  readonly database: TestDatabase;
  /** Of the test's own. */
  readonly queries: Database;
  readonly stores: Stores;
  readonly hubs: RunningHubs;
  readonly gateway: RunningPart;
  readonly url: string;
  /** One more detector of the pool `default/shop`, which serves the series `shop/**`. */
  startDetector(execArgv?: readonly string[]): Promise<RunningPart>;
  /** What a user of one of these roles says; its name is that of the role. */
  bearer(role: Role): Promise<string>;
  stop(): Promise<void>;
}

const partitions = 4;
const roles: readonly Role[] = ['admin', 'service', 'ingest'];

/** Starts a database, event hubs and a gateway on free ports; a detector when it is asked for. */
export async function startStream(settings: {
  readonly gateway?: Readonly<Record<string, string>>;
}): Promise<RunningStream> {
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-e2e-stream-'));
  const password = randomBytes(12).toString('hex');
  const file = (name: string) => path.join(folder, name);
  await writeFile(file('password'), password, { mode: 0o600 });
  const users = roles.map((role) => ({ username: role, password, roles: [role] }));
  await writeFile(file('users.json'), JSON.stringify(users), { mode: 0o600 });
  const database = await startTestDatabase();
  await migrate(database.url);
  const queries = openDatabase({ url: database.url, applicationName: 'test' });
  const stores = openStores(queries);
  const [namespace, name] = ['default', 'shop'];
  const spec = AnomalyModelSpec.parse({ series: ['shop/**'] });
  await stores.registry.putModel({ namespace, name, spec });
  const poolSpec = DetectorPoolSpec.parse({ model: name, consumerGroup: name });
  await stores.plans.putPool({ namespace, name, spec: poolSpec });
  const hubs = await startHubs(folder, { partitions, consumerGroups: [name] });
  const common = {
    VERDICT_DATABASE_URL: database.url,
    VERDICT_EVENT_HUBS_CONNECTION_STRING: hubs.connectionString,
    VERDICT_BLOBS_URL: pathToFileURL(file('blobs')).href,
  };
  const gateway = await startPart('services/gateway/src/main.ts', {
    ...common,
    VERDICT_PORT: '0',
    VERDICT_SIGNING_KEY_FILE: file('signing.json'),
    VERDICT_BOOTSTRAP_USERS_FILE: file('users.json'),
    ...settings.gateway,
  });
  const { url } = gateway;
  const detectors: RunningPart[] = [];
  return {
    database,
    queries,
    stores,
    hubs,
    gateway,
    url,
    async startDetector(execArgv = []) {
      const env = {
        ...common,
        VERDICT_GATEWAY_URL: url,
        VERDICT_POOL: name,
        VERDICT_SERVICE_USER: 'service',
        VERDICT_SERVICE_PASSWORD_FILE: file('password'),
      };
      const detector = await startPart('services/detector/src/main.ts', env, { execArgv });
      detectors.push(detector);
      return detector;
    },
    async bearer(role) {
      const answer = await fetch(`${url}/auth/token`, {
        method: 'POST',
        body: JSON.stringify({ username: role, password }),
        headers: { 'content-type': 'application/json' },
      });
      return `Bearer ${TokenResponse.parse(await answer.json()).access_token}`;
    },
    async stop() {
      database.thaw();
      for (const part of [...detectors, gateway, hubs]) part.process.kill('SIGCONT');
      await Promise.all(detectors.map((detector) => detector.stop()));
      await gateway.stop();
      await hubs.stop();
      await queries.close();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
