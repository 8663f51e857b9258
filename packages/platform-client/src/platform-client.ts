import {
  AnomaliesPage,
  type AnomaliesQuery,
  Anomaly,
  type AnomalyModelResource,
  type AnomalyNotification,
  ApiKeyCreated,
  ApiKeyList,
  type ApiKeyRequest,
  ApiKeyRevoked,
  type ApiKeyRotation,
  type ApiKeyView,
  Comparison,
  CoveragePage,
  type CoverageQuery,
  DataAccepted,
  type DetectorPoolResource,
  FeedbackAccepted,
  type FeedbackRequest,
  History,
  type HistoryQuery,
  MissedAccepted,
  type MissedQuery,
  MissedReport,
  type MissedRequest,
  ModelVersionDetail,
  ModelView,
  type PartitionPlan,
  Plan,
  type PoolsQuery,
  PoolView,
  PruneResult,
  type ReadingInput,
  Receipt,
  RolloutCommandAccepted,
  type RolloutCommandRequest,
  RolloutRecord,
  type RolloutUpdate,
  TrainingAccepted,
  type TrainingRecordUpdate,
  TrainingRunView,
  TrustHistory,
  type TrustQuery,
  type VersionState,
  WorthAsking,
} from '@verdict/contracts';
import { z } from 'zod';
import type { Credentials } from './access-token.ts';
import { type ConnectionOptions, connection } from './connection.ts';
import { type DeadLetterCalls, deadLetterCalls } from './dead-letter-calls.ts';
import { type Call, platformCall, understand } from './platform-call.ts';
import { PlatformUnavailable } from './platform-error.ts';
import { queryString } from './query-string.ts';
import { readingBodies } from './reading-batches.ts';
import { type ReviewCalls, reviewCalls } from './review-calls.ts';
import { type WebhookCalls, webhookCalls } from './webhook-calls.ts';

/** What a client is made of; only `url` and `credentials` are needed. */
export interface PlatformClientOptions extends ConnectionOptions {
  credentials: Credentials;
  /** Namespace of the models and pools that are asked about and written. Default: the gateway's, `default`. */
  namespace?: string;
}

/**
 * The gateway's HTTP API. Every method rejects with `PlatformUnavailable` (may work later), `PlatformRefused`
 * (4xx, with the problem) or `PlatformAnswerUnexpected` (another version at the other end).
 */
export interface PlatformClient extends ReviewCalls, WebhookCalls, DeadLetterCalls {
  /** Sends readings in order, in as many requests as the limits ask for; repeating it is harmless. */
  sendReadings(readings: readonly ReadingInput[]): Promise<DataAccepted>;
  sendFeedback(feedback: FeedbackRequest): Promise<FeedbackAccepted>;
  /** Tells about committed changes, at most 1,000 at once (role service). */
  notifyAnomalies(changes: AnomalyNotification['changes']): Promise<void>;
  anomalies(query?: Partial<AnomaliesQuery>): Promise<AnomaliesPage>;
  anomaly(id: string): Promise<Anomaly>;
  series(query?: Partial<CoverageQuery>): Promise<CoveragePage>;
  history(series: string, query?: Partial<HistoryQuery>): Promise<History>;
  /** What the verdicts on an anomaly did. */
  receipt(anomalyId: string): Promise<Receipt>;
  /** The anomalies whose answer would tell most, most telling first. */
  worthAsking(query: { limit: number; model?: string | undefined }): Promise<WorthAsking[]>;
  /** Reports a stretch that was an anomaly and that nothing alarmed on. */
  reportMissed(request: MissedRequest): Promise<MissedAccepted>;
  /** Takes a report back. */
  withdrawMissed(reportId: string): Promise<MissedAccepted>;
  /** Reports that were not taken back. */
  missed(query?: MissedQuery): Promise<MissedReport[]>;
  /** With a summary of each version's manifest. */
  models(): Promise<ModelView[]>;
  /** A version with its whole manifest. */
  version(model: string, version: number): Promise<ModelVersionDetail>;
  /** How a model's trust went over time. */
  trust(model: string, query?: TrustQuery): Promise<TrustHistory>;
  /** A version beside the champion it was judged against, on the same series. */
  comparison(model: string, version: number): Promise<Comparison>;
  /** Asks for a training, whatever verdicts and signs say; gives the id under which it will be recorded (role admin). */
  askTraining(model: string): Promise<TrainingAccepted>;
  /** Records that a training begins, or that its job failed; gives the record: the first end counts (role service). */
  recordTraining(model: string, triggerId: string, update: TrainingRecordUpdate): Promise<TrainingRunView>;
  /** Retires versions that nothing refers to, but for the newest `keep`, and deletes what was retired (role service). */
  pruneVersions(model: string, keep: number): Promise<PruneResult>;
  /** Deletes a model with its versions and artefacts; fine if there is none (role service). */
  deleteModel(model: string): Promise<void>;
  /** Notes in the registry how a version fared (role service). */
  setVersionState(model: string, version: number, state: VersionState): Promise<void>;
  /** All pools, of all namespaces, or those that the query chooses. */
  pools(query?: PoolsQuery): Promise<PoolView[]>;
  coverage(query?: Partial<CoverageQuery>): Promise<CoveragePage>;
  /** Declares a model (role service). */
  putModel(resource: AnomalyModelResource): Promise<void>;
  /** Declares a pool (role service). */
  putPool(resource: DetectorPoolResource): Promise<void>;
  /** Takes a pool's declaration back, with plan and rollout; fine if there is none (role service). */
  deletePool(pool: string): Promise<void>;
  /** Replaces a pool's plan; null when its revision is not `expectedRevision` any more. */
  writePlan(
    pool: string,
    expectedRevision: number,
    partitions: Record<string, PartitionPlan>,
  ): Promise<Plan | null>;
  /** Replaces a pool's rollout record; null when its revision is not `expectedRevision` any more (role service). */
  saveRollout(pool: string, expectedRevision: number, update: RolloutUpdate): Promise<RolloutRecord | null>;
  /** Asks something of a pool's rollout; it is obeyed within seconds (role admin). */
  commandRollout(pool: string, command: RolloutCommandRequest): Promise<RolloutCommandAccepted>;
  /** The keys of producers, newest first, without their secrets (role admin, as for all that concerns keys). */
  apiKeys(): Promise<ApiKeyView[]>;
  /** Makes a key; it is in this answer and nowhere else. */
  createApiKey(request: ApiKeyRequest): Promise<ApiKeyCreated>;
  /** Makes a key that takes the place of another; both are good for the overlap. */
  rotateApiKey(id: string, rotation: ApiKeyRotation): Promise<ApiKeyCreated>;
  revokeApiKey(id: string): Promise<void>;
  /** Whether the gateway is up and everything it stands on too. Asks once; never rejects for an absent gateway. */
  ready(): Promise<boolean>;
}

const ModelList = z.object({ items: z.array(ModelView) });
const PoolList = z.object({ items: z.array(PoolView) });
const WorthAskingList = z.object({ items: z.array(WorthAsking) });
const MissedList = z.object({ items: z.array(MissedReport) });

/** Makes a client of the gateway at `url`. Nothing is sent before the first call; there is nothing to close. */
export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { credentials, namespace } = options;
  const { exchange, retry } = connection(options);
  const send = platformCall(exchange, credentials, retry);
  const ask = async <T>(schema: z.ZodType<T>, request: Call): Promise<T> =>
    understand(schema, request, await send(request));
  const get = <T>(schema: z.ZodType<T>, path: string, query: object = {}): Promise<T> =>
    ask(schema, { method: 'GET', path: path + queryString(query) });
  const put = (path: string, body: unknown): Call => ({ method: 'PUT', path, body: JSON.stringify(body) });
  const post = (path: string, body: unknown): Call => ({ method: 'POST', path, body: JSON.stringify(body) });
  const modelPath = (model: string, rest: string) => `/models/${encodeURIComponent(model)}${rest}`;
  const poolPath = (pool: string, rest: string) => `/pools/${encodeURIComponent(pool)}${rest}`;
  const inNamespace = (path: string) => path + queryString({ namespace });

  /** Replaces what has a revision; null when the expected one is not in force any more. */
  async function replace<T>(
    schema: z.ZodType<T>,
    request: Call,
    expectedRevision: number,
  ): Promise<T | null> {
    const call: Call = {
      ...request,
      headers: { 'if-match': `"${expectedRevision}"` },
      // A write whose answer was lost would meet its own revision and look like somebody else's.
      repeatable: false,
      accept: 412,
    };
    const answer = await send(call);
    return answer.status === 412 ? null : understand(schema, call, answer);
  }

  return {
    async sendReadings(readings) {
      let accepted = 0;
      for (const body of readingBodies(readings))
        accepted += (await ask(DataAccepted, { method: 'POST', path: '/data', body })).accepted;
      return { accepted };
    },
    sendFeedback: (feedback) => ask(FeedbackAccepted, post('/feedback', feedback)),
    async notifyAnomalies(changes) {
      await send(post('/anomaly', { changes } satisfies AnomalyNotification));
    },
    anomalies: (query) => get(AnomaliesPage, '/anomalies', query),
    anomaly: (id) => get(Anomaly, `/anomalies/${encodeURIComponent(id)}`),
    series: (query) => get(CoveragePage, '/series', query),
    history: (series, query) => get(History, `/series/${encodeURIComponent(series)}/history`, query),
    receipt: (anomalyId) => get(Receipt, `/anomalies/${encodeURIComponent(anomalyId)}/receipt`),
    worthAsking: async (query) =>
      (await get(WorthAskingList, '/anomalies/worth-asking', { ...query, namespace })).items,
    // Not repeated after a lost answer: a second report would stand beside the first.
    reportMissed: (request) => ask(MissedAccepted, { ...post('/missed', request), repeatable: false }),
    withdrawMissed: (reportId) =>
      ask(MissedAccepted, { method: 'DELETE', path: `/missed/${encodeURIComponent(reportId)}` }),
    missed: async (query) => (await get(MissedList, '/missed', query)).items,
    models: async () => (await get(ModelList, '/models')).items,
    version: (model, version) =>
      get(ModelVersionDetail, modelPath(model, `/versions/${version}`), { namespace }),
    pools: async (query) => (await get(PoolList, '/pools', query)).items,
    trust: (model, query) => get(TrustHistory, modelPath(model, '/trust'), { ...query, namespace }),
    comparison: (model, version) =>
      get(Comparison, modelPath(model, `/versions/${version}/comparison`), { namespace }),
    // Not repeated after a lost answer: it would ask for a second training.
    askTraining: (model) =>
      ask(TrainingAccepted, { ...post(inNamespace(modelPath(model, '/trainings')), {}), repeatable: false }),
    recordTraining: (model, triggerId, update) =>
      ask(
        TrainingRunView,
        put(inNamespace(modelPath(model, `/trainings/${encodeURIComponent(triggerId)}`)), update),
      ),
    pruneVersions: (model, keep) =>
      // Not repeated after a lost answer: what the first call retired, a second one deletes.
      ask(PruneResult, {
        ...post(inNamespace(modelPath(model, '/versions/prune')), { keep }),
        repeatable: false,
      }),
    async deleteModel(model) {
      await send({ method: 'DELETE', path: inNamespace(modelPath(model, '')) });
    },
    async setVersionState(model, version, state) {
      await send(put(inNamespace(modelPath(model, `/versions/${version}/state`)), { state }));
    },
    coverage: (query) => get(CoveragePage, '/coverage', query),
    async putModel(resource) {
      await send(put(`/models/${resource.metadata.name}`, resource));
    },
    async putPool(resource) {
      await send(put(`/pools/${resource.metadata.name}`, resource));
    },
    async deletePool(pool) {
      await send({ method: 'DELETE', path: inNamespace(poolPath(pool, '')) });
    },
    writePlan: (pool, expectedRevision, partitions) =>
      replace(Plan, put(inNamespace(poolPath(pool, '/plan')), { partitions }), expectedRevision),
    saveRollout: (pool, expectedRevision, update) =>
      replace(RolloutRecord, put(inNamespace(poolPath(pool, '/rollout')), update), expectedRevision),
    commandRollout: (pool, command) =>
      // Not repeated after a lost answer: the second one would be refused, or undo what was done in between.
      ask(RolloutCommandAccepted, {
        ...post(inNamespace(poolPath(pool, '/rollout/commands')), command),
        repeatable: false,
      }),
    apiKeys: async () => (await get(ApiKeyList, '/keys')).items,
    // Not repeated after a lost answer: a key that nobody saw would stay behind.
    createApiKey: (request) => ask(ApiKeyCreated, { ...post('/keys', request), repeatable: false }),
    rotateApiKey: (id, rotation) =>
      ask(ApiKeyCreated, {
        ...post(`/keys/${encodeURIComponent(id)}/rotations`, rotation),
        repeatable: false,
      }),
    async revokeApiKey(id) {
      await ask(ApiKeyRevoked, {
        method: 'DELETE',
        path: `/keys/${encodeURIComponent(id)}`,
        repeatable: false,
      });
    },
    ...reviewCalls(ask),
    ...webhookCalls(ask),
    ...deadLetterCalls(ask),
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
