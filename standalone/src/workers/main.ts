import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  announceListening,
  createEdgeServer,
  createHttpApp,
  createMetrics,
  HttpProblem,
  listen,
  readConfig,
  runProcess,
} from '@verdict/process';
import { readResources } from '../parts/resources.ts';
import { writeWhole } from '../write-whole.ts';
import { WorkersConfig } from './config.ts';
import { startWorkers, stopMs } from './start-workers.ts';

const config = readConfig(WorkersConfig, process.env);

runProcess(
  'workers',
  async ({ clock, logger }) => {
    const resources = await readResources(config.VERDICT_MANIFESTS);
    const folder = await mkdtemp(path.join(tmpdir(), 'verdict-workers-'));
    const given = config.VERDICT_SERVICE_PASSWORD;
    const passwordFile = config.VERDICT_SERVICE_PASSWORD_FILE ?? path.join(folder, 'service-password');
    if (given !== undefined) await writeWhole(passwordFile, given);
    const workers = startWorkers({ config, passwordFile, resources, clock, logger });
    const app = createHttpApp({
      name: 'Verdict workers',
      routes: [],
      verifyToken: () => Promise.reject(new HttpProblem(401)),
      metrics: createMetrics(),
      logger,
      health: {
        parts: async () => {
          const waiting = workers.waitingFor();
          if (waiting.length > 0) throw new Error(`waiting for ${waiting.join(', ')}`);
        },
      },
    });
    // Health answers while the parts come up: whoever hosts us gives a start minutes, and a silence seconds.
    const listening = await listen(createEdgeServer(app), {
      host: config.VERDICT_HOST,
      port: config.VERDICT_PORT,
    });
    announceListening(listening.port);
    logger.info({ url: listening.url }, 'listening');
    return async () => {
      await workers.stop();
      await listening.close(500);
      await rm(folder, { recursive: true, force: true });
    };
  },
  { stopMs: stopMs + 2000 },
);
