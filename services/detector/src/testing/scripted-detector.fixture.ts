import { seriesAssigner } from '@verdict/contracts';
import { builtInModel, type DetectionModel, Engine } from '@verdict/detection';
import { type Clock, createLogger, createMetrics } from '@verdict/process';
import { InMemoryHub } from '@verdict/streams';
import { consumePartition } from '../claim/consume-partition.ts';
import { HeldPartitions } from '../claim/held-partitions.ts';
import type { NotifierParts, Notify } from '../claim/notifier.ts';
import type { DetectorParts, ModelsAtHand } from '../claim/partition-run.ts';
import { Turns } from '../claim/turns.ts';
import { detectorMetrics } from '../metrics.ts';
import { noOverlay, type Overlay } from '../model/overlay-shelf.ts';
import type { PoolOrders } from '../model/pool-orders.ts';
import type { BuiltInSettings } from '../state/snapshot-codec.ts';
import { MemoryBlobs } from './memory-blobs.fixture.ts';
import type { MortalLife } from './mortal.fixture.ts';
import { newestState, type WholeState } from './newest-state.fixture.ts';
import { ScriptedPartitionStore } from './scripted-partition-store.fixture.ts';

export const pool = 'default/shop';
const builtIn: BuiltInSettings = { signals: 'each', window: 8, recurring: 'alarm' };

/** Orders for a model that wants `shop/**`. */
export function shopOrders(
  version: number,
  patterns = ['shop/**'],
  shadow: number | null = null,
): PoolOrders {
  const assign = seriesAssigner([{ name: 'shop', series: patterns }]);
  return {
    plan: { revision: version, partitions: { 0: { version, shadow, fallback: null } } },
    owns: (series) => assign(series) === 'shop',
    assignment: JSON.stringify(patterns),
    builtIn,
    overlay: noOverlay,
  };
}

/** A learnt version whose net gives back the mean of each window, whatever its number. */
export function meanModel(version: number): DetectionModel {
  const calibration = { row: { border: 1, excess: 0.3 }, window: { border: 1, excess: 0.3 } };
  return {
    version,
    settings: builtInModel(builtIn).settings,
    calibration,
    reference: null,
    taught: [],
    network: {
      inputWidth: builtIn.window,
      async run(rows, count) {
        const width = builtIn.window;
        return Float32Array.from({ length: count * width }, (_, cell) => {
          const at = Math.floor(cell / width) * width;
          return rows.subarray(at, at + width).reduce((sum, value) => sum + value, 0) / width;
        });
      },
    },
  };
}

/** Learnt versions that each see something else: the higher the number, the less of the mean the net gives back, and the less error is usual. */
export function tiltedModel(version: number): DetectionModel {
  const model = meanModel(version);
  const { network } = model;
  if (network === null) return model;
  const run: typeof network.run = async (rows, count) =>
    (await network.run(rows, count)).map((value) => value * (1 - version / 5));
  const tail = { border: 1 / version, excess: 0.3 / version };
  return { ...model, calibration: { row: tail, window: tail }, network: { ...network, run } };
}

/** Such versions, always at hand. */
export const tiltedModels: ModelsAtHand = {
  ready: tiltedModel,
  load: async (version) => tiltedModel(version),
  failure: () => null,
};

/** Time that goes on a little whenever somebody looks, and waits for nobody. */
export function hurriedClock(stepMs = 40): Clock {
  let nowMs = 0;
  const look = () => {
    nowMs += stepMs;
    return nowMs;
  };
  return {
    nowMs: look,
    monotonicMs: look,
    sleep: async (_ms, signal) => {
      for (let turn = 0; turn < 3; turn += 1) {
        signal?.throwIfAborted();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** Waits until it is so, for a generous number of turns of the event loop; what is asserted afterwards decides. */
export async function eventually(isSo: () => boolean, turns = 20_000): Promise<void> {
  for (let turn = 0; turn < turns && !isSo(); turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
}

/** A hub, a database and blobs that outlive the detectors working on them. */
export class ScriptedWorld {
  readonly hub = new InMemoryHub({ partitionCount: 2 });
  readonly store = new ScriptedPartitionStore();
  readonly blobs = new MemoryBlobs();
  readonly told: string[] = [];
  readonly metrics = detectorMetrics(createMetrics());
  /** States of the false-alarm memory that were ever in force. */
  readonly overlays = new Map<number, Overlay>();
  orders: () => PoolOrders = () => shopOrders(0);
  /** What the newest snapshot stood for when a detector stopped last. */
  newest: WholeState | null = null;

  send(bodies: readonly Uint8Array[]): Promise<void> {
    return this.hub.sink().send('0', bodies);
  }

  readonly notify: Notify = async (changes) => {
    for (const { anomalyId, revision } of changes) this.told.push(`${anomalyId} ${revision}`);
  };

  parts(change: Partial<DetectorParts & NotifierParts> = {}): DetectorParts & NotifierParts {
    return {
      pool,
      consumerGroup: 'shop',
      source: this.hub.source(),
      store: this.store,
      blobs: this.blobs,
      notify: this.notify,
      engines: {
        fresh: (model) => new Engine({ model }),
        restore: (bytes, model, changes) => Engine.restore(bytes, { model }, changes),
      },
      models: { ready: meanModel, load: async (version) => meanModel(version), failure: () => null },
      overlays: { load: async (number) => this.overlays.get(number) ?? { ...noOverlay, number } },
      orders: () => this.orders(),
      metrics: this.metrics,
      clock: hurriedClock(),
      turns: new Turns(),
      restores: new Turns(),
      logger: createLogger({ name: 'test', level: 'silent' }),
      limits: {
        batch: { events: 3, bytes: 100_000, waitMs: 1 },
        snapshotMs: 700,
        snapshotReadings: 200,
        replayMs: 1e9,
        snapshotChain: 3,
        statusMs: 700,
        commitMs: 2000,
        shadow: {
          times: 5,
          perBatchMs: 20,
          perReadingMs: 1,
          allowanceMs: 2000,
          beginMs: 10_000,
          bytes: 10_000_000,
        },
        series: 1000,
      },
      ...change,
    };
  }

  /** The same parts, for a process that will be killed. */
  mortalParts(life: MortalLife, change: Partial<DetectorParts> = {}): DetectorParts & NotifierParts {
    const parts = this.parts(change);
    const { source } = parts;
    const open: typeof source.open = async (options) => life.mortal(await source.open(options));
    return {
      ...parts,
      source: life.mortal({ ...source, open }),
      store: life.mortal(parts.store),
      blobs: life.mortal(parts.blobs),
      overlays: life.mortal(parts.overlays),
      notify: life.mortal({ notify: this.notify }).notify,
    };
  }

  /** A new holder takes the partition and works until the signal (or its death). */
  claim(
    parts: DetectorParts & NotifierParts,
    signal: AbortSignal,
    held = new HeldPartitions(),
  ): Promise<void> {
    this.store.epoch += 1;
    const ref = { pool, partition: '0', epoch: this.store.epoch, holder: `holder-${this.store.epoch}` };
    return consumePartition(parts, { ref, held, signal });
  }

  /** Works until the checkpoint is there and nothing waits to be told, then stops cleanly. */
  async workUpTo(checkpoint: number, change: Partial<DetectorParts> = {}): Promise<void> {
    const stop = new AbortController();
    const held = new HeldPartitions();
    const working = this.claim(this.parts(change), stop.signal, held);
    await eventually(
      () =>
        held.all()[0]?.state === 'running' &&
        this.store.checkpoint >= checkpoint &&
        new Set(this.told).size >= this.store.posted.length,
    );
    stop.abort();
    await working;
    this.newest = await newestState(this.store, this.blobs, { load: async (version) => meanModel(version) });
  }
}
