import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import {
  announceListening,
  createHttpApp,
  createMetrics,
  HttpProblem,
  listen,
  runProcess,
} from '@verdict/process';
import { openDatabase, openStores } from '@verdict/storage';
import { openEventHubs, runPartitions } from '@verdict/streams';
import { readFeedbackConfig } from '../config.ts';
import { consumeFeedback } from './consume-feedback.ts';
import { feedbackCounter } from './feedback-counter.ts';

/** `retrainer feedback`: owns a fair share of the feedback hub and records its verdicts. */
export function runFeedbackProcess(): void {
  const config = readFeedbackConfig();
  runProcess('retrainer-feedback', async ({ logger, clock, crash }) => {
    const database = openDatabase({
      url: config.VERDICT_DATABASE_URL,
      poolSize: 4,
      applicationName: 'retrainer-feedback',
      // A database that hangs is treated like one that is away, while the lease still lasts.
      statementTimeoutMs: 5000,
      onIdleError: (error) => logger.warn({ reason: error.message }, 'an idle database connection broke'),
    });
    const { feedback, leases } = openStores(database);
    const source = openEventHubs({
      connectionString: config.VERDICT_EVENT_HUBS_CONNECTION_STRING,
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
    const listening = await listen(createServer(app), {
      host: config.VERDICT_HOST,
      port: config.VERDICT_PORT,
    });
    const group = `${config.VERDICT_NAMESPACE}/feedback`;
    const holder = `retrainer-${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    const parts = {
      source,
      store: feedback,
      consumerGroup: config.VERDICT_FEEDBACK_CONSUMER_GROUP,
      group,
      holder,
      logger,
      clock,
      onRecorded: feedbackCounter(metrics),
    };
    const consumer = runPartitions({
      group,
      member: { holder, address: listening.url, pinnedVersion: null },
      leases,
      partitions,
      clock,
      logger,
      consume: (claim) => consumeFeedback(parts, claim),
    });
    consumer.fatal.catch(crash);
    announceListening(listening.port);
    return async () => {
      await consumer.stop();
      await listening.close(500);
      await source.close();
      await database.close();
    };
  });
}
