import {
  createPlatformClient,
  PlatformAnswerUnexpected,
  type PlatformClient,
  PlatformRefused,
  PlatformUnavailable,
  tokenFile,
} from '@verdict/platform-client';
import type { Clock } from '@verdict/process';
import { apiVersion } from '../resources/custom-objects.ts';
import type { Platform, PlatformName } from './platform.ts';
import { PlatformRefusedError, PlatformUnavailableError } from './platform-error.ts';
import { poolReads } from './pool-reads.ts';
import { SharedAnswer } from './shared-answer.ts';

export interface GatewayPlatformOptions {
  /** Base URL of the gateway. */
  readonly url: string;
  /** File of the projected service-account token; read for every request. */
  readonly tokenFile: string;
  readonly clock: Clock;
  /** Ends every call: the operator stops, or leads no more. */
  readonly signal?: AbortSignal;
  /** Asked right before each write: false = another replica may lead by now. Default: always true. */
  readonly mayWrite?: () => boolean;
  /** For one request. Default 5 s; each is tried twice, since the work queue tries again anyway. */
  readonly timeoutMs?: number;
}

/** The platform behind a gateway. Nothing is sent before the first call; there is nothing to close. */
export function gatewayPlatform(options: GatewayPlatformOptions): Platform {
  const { url, clock, signal, timeoutMs = 5000, mayWrite = () => true } = options;
  const credentials = tokenFile(options.tokenFile);
  const retry = { attempts: 2, firstMs: 200, maxMs: 1000, maxRetryAfterMs: 2000 };
  const clients = new Map<string, PlatformClient>();
  const clientOf = (namespace: string): PlatformClient => {
    let client = clients.get(namespace);
    if (client === undefined) {
      client = createPlatformClient({ url, credentials, namespace, clock, timeoutMs, retry, signal });
      clients.set(namespace, client);
    }
    return client;
  };
  const reader = clientOf('default');
  const models = new SharedAnswer(() => answered(reader.models()), clock);
  const pools = poolReads((query) => answered(reader.pools(query)), clock);
  const write = <T>(
    { namespace }: PlatformName,
    send: (client: PlatformClient) => Promise<T>,
  ): Promise<T> => {
    if (!mayWrite())
      return Promise.reject(new PlatformUnavailableError('not sent: this replica does not lead any more'));
    return answered(send(clientOf(namespace)));
  };
  const modelOf = ({ namespace, spec }: { namespace: string; spec: { model: string } }): PlatformName => ({
    namespace,
    name: spec.model,
  });
  return {
    models: async (namespace, read) => (await models.get(read)).filter((one) => one.namespace === namespace),
    pools,
    putModel: (model, spec) =>
      write(model, (client) => client.putModel({ apiVersion, kind: 'AnomalyModel', metadata: model, spec })),
    beginTraining: (model, triggerId) =>
      write(model, (client) => client.recordTraining(model.name, triggerId, { state: 'running' })),
    failTraining: (model, triggerId, message) =>
      write(model, (client) => client.recordTraining(model.name, triggerId, { state: 'failed', message })),
    pruneVersions: (model, keep) => write(model, (client) => client.pruneVersions(model.name, keep)),
    deleteModel: (model) => write(model, (client) => client.deleteModel(model.name)),
    putPool: (pool, spec) =>
      write(pool, (client) => client.putPool({ apiVersion, kind: 'DetectorPool', metadata: pool, spec })),
    saveRollout: (seen, update) =>
      write(seen, (client) => client.saveRollout(seen.name, seen.rollout.revision, update)),
    setVersionState: (seen, version, state) =>
      write(modelOf(seen), (client) => client.setVersionState(seen.spec.model, version, state)),
    writePlan: (seen, partitions) =>
      write(seen, (client) => client.writePlan(seen.name, seen.plan.revision, partitions)),
    withdrawPool: (pool) => write(pool, (client) => client.deletePool(pool.name)),
  };
}

/** The answer, or one of the two errors that the operator tells apart. */
async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof PlatformUnavailable)
      throw new PlatformUnavailableError(error.message, { retryAfterMs: error.retryAfterMs, cause: error });
    if (error instanceof PlatformAnswerUnexpected)
      throw new PlatformUnavailableError(error.message, { cause: error });
    if (!(error instanceof PlatformRefused)) throw error;
    const { status } = error.problem;
    // It is we who are refused, not what we ask: a token or a role that comes with the installation.
    if (status === 401 || status === 403)
      throw new PlatformUnavailableError(`the platform does not let the operator in: ${error.message}`, {
        cause: error,
      });
    throw new PlatformRefusedError(error.message, { status, cause: error });
  }
}
