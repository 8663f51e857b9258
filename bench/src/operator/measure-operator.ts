import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { InMemoryPlatform, poll, standInGateway } from '@verdict/operator/testing';
import { processorName } from '../machine-name.ts';
import { startFakeCluster } from './fake-cluster.ts';
import { createFleet, fleetOf } from './fleet.ts';
import type { OperatorFigures, SyncFigures } from './operator-figures.ts';
import { OperatorProcess } from './operator-process.ts';
import type { BenchOptions } from './options.ts';
import { total } from './parse-metrics.ts';
import { percentile } from './percentile.ts';
import { Reactions } from './reactions.ts';
import { StandInDetectors } from './stand-in-detectors.ts';
import { watchPhase } from './watch-phase.ts';
import { watchFleet } from './watched-fleet.ts';
import { WriteLog } from './write-log.ts';

/** For all that is to be made of a pool, its pods too, on a machine that has much else to do. */
const mostMsPerPool = 6000;
const leastMs = 5 * 60_000;
/** Everything has settled when the operator has written nothing for so long. */
const quietMs = 30_000;

/** Measures one operator after the other on one cluster. `say` is told how far it is. Always cleans up. */
export async function measureOperator(
  options: BenchOptions,
  say: (sentence: string) => void,
): Promise<OperatorFigures> {
  const ends: (() => unknown)[] = [];
  const later = <T>(value: T, end: (value: T) => unknown): T => {
    ends.push(() => end(value));
    return value;
  };
  try {
    return await measure(options, say, later);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function measure(
  options: BenchOptions,
  say: (sentence: string) => void,
  later: <T>(value: T, end: (value: T) => unknown) => T,
): Promise<OperatorFigures> {
  const withinMs = Math.max(leastMs, options.pools * mostMsPerPool);
  say('starting etcd, kube-apiserver, controllers, scheduler and kwok');
  const cluster = later(await startFakeCluster(options.nodes), (one) => one.close());
  const { api } = cluster;
  const platform = new InMemoryPlatform({ partitions: options.partitions });
  const gateway = later(await standInGateway(platform), (one) => one.close());
  const fleet = later(watchFleet(api), (one) => one.close());
  const detectors = later(new StandInDetectors(platform, fleet), (one) => one.stop());
  const pools = fleetOf(options);
  say(`making ${options.pools} models and pools in ${options.namespaces} namespaces`);
  await createFleet(api, pools);
  const log = later(await WriteLog.open(api.auditLog), (one) => one.close());
  const start = () => later(new OperatorProcess(api, gateway.url), (one) => one.stop());

  let operator: OperatorProcess | undefined;
  const until = async (what: string, ask: () => boolean | Promise<boolean>, progress: () => string) => {
    const beganMs = performance.now();
    let toldMs = beganMs;
    await poll(
      what,
      async () => {
        cluster.assertRunning();
        operator?.assertRunning();
        if (performance.now() - toldMs > 15_000) {
          toldMs = performance.now();
          say(`waiting for ${what}: ${progress()}`);
        }
        await delay(200);
        return await ask();
      },
      withinMs,
    );
    return (performance.now() - beganMs) / 1000;
  };
  const quiet = async (): Promise<void> => {
    const fromMs = Date.now();
    await until(
      'the operator to have nothing left to write',
      async () => {
        await log.read();
        return Date.now() - Math.max(fromMs, log.lastMs()) > quietMs;
      },
      () => `${log.writes.length} writes so far`,
    );
  };

  operator = start();
  const fromNothing = await until(
    `${options.pools} pools with ${options.pods} pods to be ready`,
    () => fleet.readyPools() === options.pools && fleet.readyModels() === options.pools,
    () => `${fleet.readyPools()} pools, ${fleet.readyModels()} models, ${fleet.podCount()} pods`,
  );
  say(`everything stands after ${fromNothing.toFixed(0)} s`);
  await quiet();

  const stopMs = await operator.stop();
  const { restarts } = operator;
  say('starting another operator, which finds everything there');
  const coldFromMs = Date.now();
  operator = start();
  const cold = await coldSync(operator, options.pools, until);
  await quiet();
  const coldWrites = log.countSince(coldFromMs);
  say(`caches after ${cold.caches.toFixed(1)} s, all looked at after ${cold.looked.toFixed(1)} s`);

  const watched = { operator, log, say };
  say(`${options.idleMinutes} idle minutes`);
  const idle = await watchPhase(watched, options.idleMinutes);

  say(`${options.trafficMinutes} minutes with traffic`);
  const reactions = later(new Reactions(api, fleet, pools), (one) => one.close());
  detectors.traffic = true;
  let turn = 0;
  const traffic = await watchPhase(watched, options.trafficMinutes, async () => {
    await reactions.scale();
    if (turn++ % 2 === 0) await reactions.killPod();
    reactions.giveUpLate();
  });
  await until(
    'the last reactions',
    () => reactions.giveUpLate() === 0,
    () => `${reactions.open} open`,
  );
  return {
    options,
    programs: {
      node: process.version,
      cpu: processorName(),
      cores: os.availableParallelism(),
    },
    fromNothing,
    pods: fleet.podCount(),
    cold,
    coldWrites,
    stopMs,
    restarts: restarts + operator.restarts,
    idle,
    traffic,
    reactions: {
      count: reactions.tookMs.length,
      missed: reactions.missed,
      p50: percentile(reactions.tookMs, 0.5),
      p99: percentile(reactions.tookMs, 0.99),
    },
  };
}

type Until = (what: string, ask: () => boolean | Promise<boolean>, progress: () => string) => Promise<number>;

async function coldSync(operator: OperatorProcess, pools: number, until: Until): Promise<SyncFigures> {
  const caches = await until(
    'all caches',
    () => operator.isReady(),
    () => 'listing',
  );
  let looks = 0;
  const more = await until(
    'all pools and models to be looked at',
    async () => {
      const state = await operator.state();
      if (!state?.leading || state.controllers.some(({ inLine, working }) => inLine + working.length > 0))
        return false;
      looks = total(await operator.metrics(), 'controller_runtime_reconcile_total');
      return looks >= 2 * pools;
    },
    () => `${looks} looks`,
  );
  return { caches, looked: caches + more };
}
