import { createServer } from 'node:http';
import { hostname } from 'node:os';
import {
  announceListening,
  Counter,
  createHttpApp,
  createMetrics,
  HttpProblem,
  listen,
  readConfig,
  runProcess,
} from '@verdict/process';
import { openBlobs, openDatabase, openStores } from '@verdict/storage';
import { openEventHubs, runPartitions } from '@verdict/streams';
import { FeedbackConfig, TrainConfig } from './config.ts';
import { consumeFeedback } from './feedback/consume-feedback.ts';
import { runTraining } from './train/run-training.ts';

const usage = `Usage: retrainer feedback | train

  feedback  records people's verdicts from the feedback hub, until it is stopped
  train     trains one model for one trigger (VERDICT_MODEL, VERDICT_TRIGGER_ID) and ends:
            0 a version was accepted or the trigger was answered before, 3 refused, 1 failed
`;

/** Exit code of a training whose result was refused: no use to try it again. */
const refusedExitCode = 3;

function feedback(): void {
  const config = readConfig(FeedbackConfig, process.env);
  runProcess('retrainer-feedback', async ({ logger, clock, crash }) => {
    const database = openDatabase({
      url: config.VERDICT_DATABASE_URL,
      poolSize: 4,
      applicationName: 'retrainer-feedback',
    });
    const stores = openStores(database);
    const source = openEventHubs({
      connectionString: config.VERDICT_EVENT_HUBS_CONNECTION_STRING,
      hub: config.VERDICT_FEEDBACK_HUB,
    }).source();
    const metrics = createMetrics();
    const verdicts = new Counter({
      name: 'verdict_feedback_events_total',
      help: 'Events of the feedback hub that were recorded, by kind.',
      labelNames: ['kind'],
      registers: [metrics],
    });
    const group = `${config.VERDICT_NAMESPACE}/feedback`;
    const holder = `retrainer-${hostname()}-${process.pid}`;
    const server = createServer(
      createHttpApp({
        name: 'Verdict retrainer',
        routes: [],
        verifyToken: () => Promise.reject(new HttpProblem(401)),
        metrics,
        logger,
        health: { database: async () => void (await database.query('SELECT 1')) },
      }),
    );
    const listening = await listen(server, { host: config.VERDICT_HOST, port: config.VERDICT_PORT });
    const { partitions } = await source.properties();
    const parts = {
      source,
      store: stores.feedback,
      consumerGroup: config.VERDICT_FEEDBACK_CONSUMER_GROUP,
      group,
      holder,
      logger,
      clock,
      count: (recorded: number, undecodable: number) => {
        verdicts.inc({ kind: 'verdict' }, recorded);
        verdicts.inc({ kind: 'undecodable' }, undecodable);
      },
    };
    const consumer = runPartitions({
      group,
      member: { holder, address: listening.url, pinnedVersion: null },
      leases: stores.leases,
      partitions,
      clock,
      logger,
      consume: (claim) => consumeFeedback(parts, claim),
    });
    consumer.fatal.catch(crash);
    announceListening(listening.port);
    return async () => {
      await consumer.stop();
      await listening.close();
      await source.close();
      await database.close();
    };
  });
}

function training(): void {
  const config = readConfig(TrainConfig, process.env);
  runProcess('retrainer-train', async ({ logger, clock, signal, requestStop, crash }) => {
    const database = openDatabase({
      url: config.VERDICT_DATABASE_URL,
      poolSize: 2,
      applicationName: 'retrainer-train',
    });
    const { registry, plans, history } = openStores(database);
    const blobs = await openBlobs(config.VERDICT_BLOBS_URL);
    const job = runTraining(
      { registry, plans, history, blobs, clock, logger, signal },
      {
        namespace: config.VERDICT_NAMESPACE,
        model: config.VERDICT_MODEL,
        triggerId: config.VERDICT_TRIGGER_ID,
      },
    );
    job.then(
      (outcome) => {
        logger.info(outcome, 'training ended');
        requestStop(outcome.state === 'refused' ? refusedExitCode : 0);
      },
      (error: unknown) => (signal.aborted ? requestStop(1) : crash(error)),
    );
    return async () => {
      await job.catch(() => undefined);
      await database.close();
    };
  });
}

const commands: Record<string, () => void> = { feedback, train: training };
const command = commands[process.argv[2] ?? ''];
if (command) command();
else {
  const asked = process.argv.includes('--help') || process.argv.includes('-h');
  (asked ? process.stdout : process.stderr).write(usage);
  process.exitCode = asked ? 0 : 2;
}
