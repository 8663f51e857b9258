import { join } from 'node:path';
import { after, before } from 'node:test';
import { createLogger } from '@verdict/process';
import type { AnomalyRecord } from '@verdict/storage';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { type Answer, caller, type Platform, startPlatform } from '../gateway.fixture.ts';
import { nothingAllowed, readAllowedAddresses } from './address-guard.ts';
import { type Receiver, startReceiver } from './receiver.fixture.ts';
import type { SendPolicy } from './send-policy.ts';

/** Everything is retried fast, and given up soon. */
export const hasty: Partial<SendPolicy> = {
  timeoutMs: 1000,
  firstWaitMs: 100,
  longestWaitMs: 400,
  longestPauseMs: 400,
  mostAttempts: 1000,
  leaseMs: 3000,
};

/** What tests of webhooks work with. */
export interface WebhookWorld {
  readonly platform: Platform;
  readonly logFile: string;
  /** Starts a gateway; gives its address, calls as an admin, and its end. */
  gateway(policy?: Partial<SendPolicy>, allow?: string): Promise<RunningGateway>;
  receiver(): Promise<Receiver>;
  /** Commits an anomaly and tells a gateway of it, as a detector does; gives its id. */
  change(
    url: string,
    number: number,
    kind?: 'opened' | 'closed',
    more?: Partial<AnomalyRecord>,
  ): Promise<string>;
}

export interface RunningGateway {
  readonly url: string;
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts the platform for the tests of the calling file. */
export function webhookWorld(): WebhookWorld {
  let platform: Platform | undefined;
  let pool: CommittedPool | undefined;
  const receivers: Receiver[] = [];
  before(async () => {
    platform = await startPlatform();
    pool = await commitPool(platform.stores, null);
  });
  after(async () => {
    await platform?.stop();
    await Promise.all(receivers.map((receiver) => receiver.close()));
  });
  const running = (): Platform => {
    if (platform === undefined) throw new Error('it is started before the tests');
    return platform;
  };
  const logFile = () => join(running().folder, 'gateway.log');
  return {
    get platform() {
      return running();
    },
    get logFile() {
      return logFile();
    },
    async gateway(policy = hasty, allow = '127.0.0.1') {
      const logger = createLogger({ name: 'gateway', level: 'debug', file: logFile() });
      const allowed = readAllowedAddresses(allow) ?? nothingAllowed;
      const publicUrl = 'https://verdict.test';
      const started = await running().startGateway({ webhooks: { allowed, publicUrl, policy } }, { logger });
      const admin = caller(started.url, await running().token('ann', 'admin'));
      return { url: started.url, admin, stop: () => started.gateway.stop() };
    },
    async receiver() {
      const receiver = await startReceiver();
      receivers.push(receiver);
      return receiver;
    },
    async change(url, number, kind = 'opened', more = {}) {
      const id = number.toString(16).padStart(24, '0');
      const revision = kind === 'opened' ? 1 : 2;
      const state = kind === 'opened' ? 'open' : 'closed';
      const nowMs = Date.now();
      const times = { startMs: nowMs - 60_000, peakMs: nowMs - 30_000, endMs: nowMs - 10_000 };
      await pool?.commitAnomaly({ id, revision, kind, state, ...times, ...more });
      const service = caller(url, await running().token('detector', 'service'));
      const answer = await service('POST', '/anomaly', { changes: [{ kind, anomalyId: id, revision }] });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return id;
    },
  };
}
