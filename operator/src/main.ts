import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  announceListening,
  createEdgeServer,
  createHttpApp,
  createMetrics,
  hostGuard,
  listen,
  runProcess,
  startTracing,
  TokenRefused,
} from '@verdict/process';
import { readOperatorConfig } from './config.ts';
import type { Controller } from './control-loop/controller.ts';
import { LeaderElection } from './control-loop/leader-election.ts';
import { runControlLoop } from './control-loop/run-control-loop.ts';
import { connectKube } from './kube/connect-kube.ts';
import { discreetEvents } from './kube/discreet-events.ts';
import { fencedClient, type Leadership } from './kube/fenced-client.ts';
import { KubeEventRecorder } from './kube/kube-event-recorder.ts';
import { createRequestMetrics } from './kube/request-metrics.ts';
import { controllersWith } from './lead.ts';
import { operatorRoutes } from './operator-routes.ts';
import { gatewayPlatform } from './platform/gateway-platform.ts';
import { readSettings } from './read-settings.ts';
import { watchedCluster } from './watched-cluster.ts';

const config = readOperatorConfig();
/** How long Events may still be written at the end. */
const lastWordsMs = 1000;
const loopback = ['127.0.0.1', '::1', 'localhost'];

runProcess('operator', async ({ logger, clock, requestStop, crash }) => {
  const settings = readSettings(config.VERDICT_SETTINGS_FILE);
  const registry = createMetrics();
  const instance = config.VERDICT_POD_NAME ?? hostname();
  const tracing = await startTracing({ serviceName: 'verdict-operator', instance, logger });
  const kubeOptions = { kubeconfig: config.KUBECONFIG, clock, metrics: createRequestMetrics(registry) };
  const kube = connectKube(kubeOptions);
  // Its own, so that a flood of other requests cannot cost the lease.
  const leaseKube = connectKube(kubeOptions);
  const namespaces = config.VERDICT_NAMESPACES;
  const cluster = watchedCluster({ client: kube.client, clock, logger, registry, namespaces });
  const election = new LeaderElection({
    client: leaseKube.client,
    namespace: config.VERDICT_LEASE_NAMESPACE,
    name: config.VERDICT_LEASE_NAME,
    identity: `${instance}_${randomUUID()}`,
    clock,
    logger,
    registry,
  });
  const recorder = { clock, logger, instance, registry };
  const makeControllers = controllersWith(registry);
  let controllers: readonly Controller[] = [];

  const lead = async (leadership: Leadership): Promise<void> => {
    const client = fencedClient(kube.client, leadership);
    // Not fenced: the last words of a leader do no harm.
    const events = new KubeEventRecorder({ ...recorder, client: kube.client });
    const platform = gatewayPlatform({
      url: config.VERDICT_GATEWAY_URL,
      tokenFile: config.VERDICT_SERVICE_TOKEN_FILE,
      clock,
      signal: leadership.signal,
      mayWrite: leadership.holds,
    });
    controllers = makeControllers({
      informers: cluster.informers,
      client,
      platform,
      events: discreetEvents(events),
      settings,
      clock,
      logger,
      tracing,
    });
    try {
      await Promise.all(controllers.map((controller) => controller.run(leadership.signal)));
    } finally {
      await events.close(lastWordsMs);
    }
  };

  const app = createHttpApp({
    name: 'Verdict operator',
    description: 'Health, metrics and what the operator is at. It is commanded through its custom resources.',
    routes: operatorRoutes(() => ({
      instance,
      leader: election.leader ?? null,
      leading: election.isLeader(),
      controllers: controllers.map((controller) => controller.state()),
      caches: cluster.state(),
    })),
    verifyToken: async () => {
      throw new TokenRefused('nothing here needs a token');
    },
    metrics: registry,
    logger,
    guard: hostGuard(loopback.includes(config.VERDICT_HOST) ? [] : ['*']),
    health: {
      caches: async () => {
        if (!cluster.hasSynced()) throw new Error('not everything in the cluster has been listed yet');
      },
    },
  });
  const listening = await listen(createEdgeServer(app), {
    host: config.VERDICT_HOST,
    port: config.VERDICT_PORT,
  });
  announceListening(listening.port);
  const stopLoop = runControlLoop({ watch: cluster.run, election, lead, lost: () => requestStop(1), crash });
  return async () => {
    await stopLoop();
    await listening.close(500);
    kube.close();
    leaseKube.close();
    await tracing.close();
  };
});
