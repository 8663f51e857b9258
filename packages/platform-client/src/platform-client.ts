import {
  AnomaliesPage,
  type AnomaliesQuery,
  Anomaly,
  type AnomalyModelResource,
  type AnomalyNotification,
  CoveragePage,
  type CoverageQuery,
  DataAccepted,
  type DetectorPoolResource,
  FeedbackAccepted,
  type FeedbackRequest,
  History,
  type HistoryQuery,
  ModelView,
  type PartitionPlan,
  Plan,
  PoolView,
  type ReadingInput,
} from '@verdict/contracts';
import { z } from 'zod';
import type { Credentials } from './access-token.ts';
import { type ConnectionOptions, connection } from './connection.ts';
import { type Call, platformCall, understand } from './platform-call.ts';
import { PlatformUnavailable } from './platform-error.ts';
import { queryString } from './query-string.ts';
import { readingBodies } from './reading-batches.ts';

/** What a client is made of; only `url` and `credentials` are needed. */
export interface PlatformClientOptions extends ConnectionOptions {
  credentials: Credentials;
  /** Namespace of the pools whose plans are written. Default: the gateway's, `default`. */
  namespace?: string;
}

/**
 * The gateway's HTTP API. Every method rejects with `PlatformUnavailable` (may work later), `PlatformRefused`
 * (4xx, with the problem) or `PlatformAnswerUnexpected` (another version at the other end).
 */
export interface PlatformClient {
  /** Sends readings in order, in as many requests as the limits ask for; repeating it is harmless. */
  sendReadings(readings: readonly ReadingInput[]): Promise<DataAccepted>;
  sendFeedback(feedback: FeedbackRequest): Promise<FeedbackAccepted>;
  /** Tells about committed changes, at most 1,000 at once (role service). */
  notifyAnomalies(changes: AnomalyNotification['changes']): Promise<void>;
  anomalies(query?: Partial<AnomaliesQuery>): Promise<AnomaliesPage>;
  anomaly(id: string): Promise<Anomaly>;
  series(query?: Partial<CoverageQuery>): Promise<CoveragePage>;
  history(series: string, query?: Partial<HistoryQuery>): Promise<History>;
  models(): Promise<ModelView[]>;
  pools(): Promise<PoolView[]>;
  coverage(query?: Partial<CoverageQuery>): Promise<CoveragePage>;
  /** Declares a model (role service). */
  putModel(resource: AnomalyModelResource): Promise<void>;
  /** Declares a pool (role service). */
  putPool(resource: DetectorPoolResource): Promise<void>;
  /** Replaces a pool's plan; null when its revision is not `expectedRevision` any more. */
  writePlan(
    pool: string,
    expectedRevision: number,
    partitions: Record<string, PartitionPlan>,
  ): Promise<Plan | null>;
  /** Whether the gateway is up and everything it stands on too. Asks once; never rejects for an absent gateway. */
  ready(): Promise<boolean>;
}

const ModelList = z.object({ items: z.array(ModelView) });
const PoolList = z.object({ items: z.array(PoolView) });

/** Makes a client of the gateway at `url`. Nothing is sent before the first call; there is nothing to close. */
export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { credentials, namespace } = options;
  const { exchange, retry } = connection(options);
  const call = platformCall(exchange, credentials, retry);
  const ask = async <T>(schema: z.ZodType<T>, request: Call): Promise<T> =>
    understand(schema, request, await call(request));
  const get = <T>(schema: z.ZodType<T>, path: string, query: object = {}): Promise<T> =>
    ask(schema, { method: 'GET', path: path + queryString(query) });
  const put = (path: string, body: unknown): Call => ({ method: 'PUT', path, body: JSON.stringify(body) });
  const post = (path: string, body: unknown): Call => ({ method: 'POST', path, body: JSON.stringify(body) });

  return {
    async sendReadings(readings) {
      let accepted = 0;
      for (const body of readingBodies(readings))
        accepted += (await ask(DataAccepted, { method: 'POST', path: '/data', body })).accepted;
      return { accepted };
    },
    sendFeedback: (feedback) => ask(FeedbackAccepted, post('/feedback', feedback)),
    async notifyAnomalies(changes) {
      await call(post('/anomaly', { changes } satisfies AnomalyNotification));
    },
    anomalies: (query) => get(AnomaliesPage, '/anomalies', query),
    anomaly: (id) => get(Anomaly, `/anomalies/${encodeURIComponent(id)}`),
    series: (query) => get(CoveragePage, '/series', query),
    history: (series, query) => get(History, `/series/${encodeURIComponent(series)}/history`, query),
    models: async () => (await get(ModelList, '/models')).items,
    pools: async () => (await get(PoolList, '/pools')).items,
    coverage: (query) => get(CoveragePage, '/coverage', query),
    async putModel(resource) {
      await call(put(`/models/${resource.metadata.name}`, resource));
    },
    async putPool(resource) {
      await call(put(`/pools/${resource.metadata.name}`, resource));
    },
    async writePlan(pool, expectedRevision, partitions) {
      const request: Call = {
        ...put(`/pools/${encodeURIComponent(pool)}/plan${queryString({ namespace })}`, { partitions }),
        headers: { 'if-match': `"${expectedRevision}"` },
        // A write whose answer was lost would meet its own revision and look like somebody else's.
        repeatable: false,
        accept: 412,
      };
      const answer = await call(request);
      return answer.status === 412 ? null : understand(Plan, request, answer);
    },
    async ready() {
      try {
        return (await exchange({ method: 'GET', path: '/readyz' })).status === 200;
      } catch (error) {
        if (error instanceof PlatformUnavailable) return false;
        throw error;
      }
    },
  };
}
