import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DoorRules, type Role } from '@verdict/contracts';
import { type Emulator, startEmulator } from '@verdict/event-hubs-emulator';
import { defaultFloodPolicy } from '@verdict/lifecycle';
import { createLogger, createMetrics, type Listening, listen, systemClock } from '@verdict/process';
import {
  type BlobStore,
  type Database,
  migrate,
  openDatabase,
  openFolderBlobs,
  openStores,
  type Stores,
} from '@verdict/storage';
import { startTestDatabase, type TestDatabase } from '@verdict/storage/testing';
import { openEventHubs } from '@verdict/streams';
import { hashPassword } from './auth/password-hash.ts';
import type { SigningKey } from './auth/signing-key.ts';
import { openSigningKeys } from './auth/signing-keys.ts';
import { createTokenIssuer } from './auth/token-issuer.ts';
import { createGateway, type Gateway } from './gateway.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { requestPatience } from './request-patience.ts';
import { nothingAllowed, readAllowedAddresses } from './webhooks/address-guard.ts';

/** The real parts under a gateway, for the tests of one file. */
export interface Platform {
  readonly folder: string;
  readonly server: TestDatabase;
  readonly database: Database;
  readonly stores: Stores;
  readonly blobs: BlobStore;
  readonly emulator: Emulator;
  readonly key: SigningKey;
  /** A token as `POST /auth/token` would give it. */
  token(name: string, ...roles: Role[]): Promise<string>;
  /** Starts a gateway on a free port; it is stopped with the platform. */
  startGateway(
    settings?: Partial<GatewayParts['settings']>,
    parts?: Partial<GatewayParts>,
  ): Promise<Listening & { gateway: Gateway }>;
  /** Takes the event hubs away for good. */
  stopHub(): Promise<void>;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
/** Receivers of tests are on this machine. */
const localReceivers = readAllowedAddresses('127.0.0.1') ?? nothingAllowed;

/** Starts PostgreSQL and the event hubs in a temporary folder. */
export async function startPlatform(): Promise<Platform> {
  const folder = await mkdtemp(join(tmpdir(), 'verdict-gateway-'));
  const server = await startTestDatabase();
  await migrate(server.url);
  const database = openDatabase({ url: server.url, applicationName: 'gateway-test', ...requestPatience });
  const stores = openStores(database);
  const emulator = await startEmulator({
    dataFolder: join(folder, 'hubs'),
    hubs: [
      { name: 'data', partitions: 4 },
      { name: 'feedback', partitions: 2 },
    ],
  });
  const blobs = await openFolderBlobs(join(folder, 'blobs'));
  const logger = createLogger({ name: 'gateway', level: process.env.VERDICT_LOG_LEVEL ?? 'silent' });
  const signingKeys = await openSigningKeys(join(folder, 'key.json'), { ...systemClock, logger });
  const key = signingKeys.current();
  const issuer = createTokenIssuer(signingKeys.current, systemClock);
  const stops: (() => Promise<void>)[] = [];
  let hubIsUp = true;
  const stopHub = async (): Promise<void> => {
    if (hubIsUp) await emulator.stop();
    hubIsUp = false;
  };
  return {
    folder,
    server,
    database,
    stores,
    blobs,
    emulator,
    key,
    token: (name, ...roles) => issuer.issue(name, roles),
    async startGateway(settings = {}, parts = {}) {
      const patience = { retryForMs: 1500, attemptMs: 1000 };
      const hub = (name: string) =>
        openEventHubs({ connectionString: emulator.connectionString, hub: name, ...patience });
      const dataSink = hub('data').sink();
      const dataSource = hub('data').source();
      const feedbackSink = hub('feedback').sink();
      const gateway = await createGateway({
        stores,
        blobs,
        retention: { ...stores.history, ...stores.rollouts, prune: stores.deadLetters.prune },
        webhookStores: stores,
        dataSink,
        dataSource,
        feedbackSink,
        signingKeys,
        clock: systemClock,
        logger,
        crash: (error) => {
          throw error;
        },
        metrics: createMetrics(),
        health: {
          database: async () => void (await database.query('SELECT 1')),
          hub: async () => void (await dataSink.properties()),
        },
        settings: {
          retentionMs: 30 * dayMs,
          maxInFlightBytes: 64 * 1024 * 1024,
          doorRules: DoorRules.parse({}),
          loginsPerMinute: 1000,
          answers: { perHour: 1000, perDay: 5000, flood: defaultFloodPolicy },
          allowedHosts: [],
          dashboardDir: undefined,
          webhooks: { allowed: localReceivers, publicUrl: 'https://verdict.test' },
          ...settings,
        },
        ...parts,
      });
      const listening = await listen(gateway.server, { host: '127.0.0.1', port: 0 });
      stops.push(async () => {
        await gateway.stop();
        await listening.close(1000);
        await Promise.all([dataSink.close(), dataSource.close(), feedbackSink.close()]);
      });
      return { ...listening, gateway };
    },
    stopHub,
    async stop() {
      await Promise.all(stops.map((stop) => stop()));
      await stopHub();
      await database.close();
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** What a request was answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** Makes the function that calls a gateway. */
export function caller(url: string, token?: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(url + path, {
      method,
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
}

/** Creates a user and returns its log-in. */
export async function newUser(
  stores: Stores,
  ...roles: Role[]
): Promise<{ username: string; password: string }> {
  const user = { username: `user-${randomUUID()}`, password: randomUUID() };
  await stores.users.put({ username: user.username, passwordHash: await hashPassword(user.password), roles });
  return user;
}

/** Polls until `check` gives something; fails after 15 s. */
export async function eventually<T>(
  check: () => Promise<T | null | undefined | false> | T | null | undefined | false,
): Promise<T> {
  const deadlineMs = performance.now() + 15_000;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (performance.now() > deadlineMs) throw new Error('did not happen within 15 s');
    await systemClock.sleep(50);
  }
}
