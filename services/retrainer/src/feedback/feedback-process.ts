import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  announceListening,
  createEdgeServer,
  createHttpApp,
  createMetrics,
  HttpProblem,
  listen,
  runProcess,
  startTracing,
} from '@verdict/process';
import { azureIdentity, databaseAddress, openDatabase, openStores } from '@verdict/storage';
import { eventHubsNamespace, openEventHubs, runPartitions } from '@verdict/streams';
import { readFeedbackConfig } from '../config.ts';
import { failureTeller } from '../failures.ts';
import { compactionMetrics } from '../history/compaction-metrics.ts';
import { HistoryCompactor } from '../history/history-compactor.ts';
import { MemoryKeeper } from '../memory/memory-keeper.ts';
import { overlayGauge } from '../memory/overlay-gauge.ts';
import { trustMetrics } from '../trust/trust-metrics.ts';
import { TrustWatch } from '../trust/trust-watch.ts';
import { consumeFeedback } from './consume-feedback.ts';
import { feedbackCounter } from './feedback-counter.ts';
import type { ReadVerdicts } from './read-verdicts.ts';
import { watchClaim } from './watch-claim.ts';

/**
 * `retrainer feedback`: owns a fair share of the feedback hub and records its verdicts; keeps the false-alarm memory in
 * step with them, and, with the hub's first partition, watches whether models can still be trusted. Beside that it
 * compacts finished days of history: of all processes it has the time for it.
 */
export function runFeedbackProcess(): void {
  const config = readFeedbackConfig();
  runProcess('retrainer-feedback', async ({ logger, clock, crash }) => {
    const holder = `retrainer-${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    const tracing = await startTracing({ serviceName: 'verdict-retrainer', instance: holder, logger });
    const identity = azureIdentity();
    const address = databaseAddress(config, identity);
    const onIdleError = (error: Error) =>
      logger.warn({ reason: error.message }, 'an idle database connection broke');
    const database = openDatabase({
      ...address,
      // Four partitions, the memory and the watch: none of them waits for another one's connection.
      poolSize: 6,
      applicationName: 'retrainer-feedback',
      // A database that hangs is treated like one that is away, while the lease still lasts.
      statementTimeoutMs: 5000,
      onIdleError,
    });
    const stores = openStores(database);
    // Its statements may take longer, and must not take a connection from a verdict.
    const patient = openDatabase({
      ...address,
      poolSize: 1,
      applicationName: 'retrainer-history',
      onIdleError,
    });
    const source = openEventHubs({
      ...eventHubsNamespace(config, identity),
      hub: config.VERDICT_FEEDBACK_HUB,
    }).source();
    const metrics = createMetrics();
    const app = createHttpApp({
      name: 'Verdict retrainer',
      routes: [],
      verifyToken: () => Promise.reject(new HttpProblem(401)),
      metrics,
      logger,
      health: { database: async () => void (await database.query('SELECT 1')) },
    });
    const { partitions } = await source.properties();
    const listening = await listen(createEdgeServer(app), {
      host: config.VERDICT_HOST,
      port: config.VERDICT_PORT,
    });
    const group = `${config.VERDICT_NAMESPACE}/feedback`;
    const tellFailure = failureTeller(logger, metrics);
    const keeper = new MemoryKeeper({
      ...stores,
      clock,
      tracing,
      onEntries: overlayGauge(metrics),
      onFailure: tellFailure('memory'),
    });
    const watch = new TrustWatch({
      ...stores,
      clock,
      metrics: trustMetrics(metrics, clock.nowMs),
      onFailure: tellFailure('trust'),
    });
    const compactor = new HistoryCompactor({
      history: openStores(patient).history,
      clock,
      afterMs: config.VERDICT_COMPACT_AFTER_MINUTES * 60_000,
      metrics: compactionMetrics(metrics),
      onFailure: tellFailure('history'),
    });
    const count = feedbackCounter(metrics);
    const parts = {
      source,
      store: stores.feedback,
      consumerGroup: config.VERDICT_FEEDBACK_CONSUMER_GROUP,
      group,
      holder,
      logger,
      clock,
      tracing,
      onRecorded: (recorded: ReadVerdicts, traceparent?: string) => {
        count(recorded);
        keeper.recorded(recorded, traceparent);
        watch.recorded(recorded);
      },
    };
    const consumer = runPartitions({
      group,
      member: { holder, address: listening.url, pinnedVersion: null },
      leases: stores.leases,
      partitions,
      clock,
      logger,
      consume: (claim) =>
        watchClaim(claim, {
          consume: (claimed) => consumeFeedback(parts, claimed),
          watch: (signal) => watch.run(signal),
        }),
    });
    consumer.fatal.catch(crash);
    const keeping = new AbortController();
    const kept = Promise.all([keeper.run(keeping.signal), compactor.run(keeping.signal)]);
    kept.catch(crash);
    announceListening(listening.port);
    return async () => {
      keeping.abort();
      await Promise.all([consumer.stop(), kept]);
      await tracing.close();
      await listening.close(500);
      await source.close();
      await Promise.all([database.close(), patient.close()]);
    };
  });
}
