import {
  DetectorPoolSpec,
  type PartitionView,
  type PoolView,
  type RolloutCommand,
  type ShadowFigures,
  type VersionFigures,
} from '@verdict/contracts';
import { type PoolRound, poolRound } from './pool-round.ts';
import type { KnownVersion } from './take-back.ts';

/** How a version behaves: what it makes of 1000 readings, or why it scores none. */
export type Behaviour = 'sane' | 'floods' | 'alarms' | 'elsewhere' | 'blind' | 'throws' | 'unloadable';

/** What a crash interrupts: everything is written up to here. */
export type Crash = 'none' | 'record' | 'states' | 'plan';

const perThousand: Record<Behaviour, { anomalies: number; alarms: number; quieted: number }> = {
  sane: { anomalies: 1, alarms: 4, quieted: 4 },
  floods: { anomalies: 50, alarms: 150, quieted: 0 },
  alarms: { anomalies: 1, alarms: 950, quieted: 0 },
  elsewhere: { anomalies: 1, alarms: 250, quieted: 0 },
  blind: { anomalies: 0, alarms: 0, quieted: 400 },
  throws: { anomalies: 0, alarms: 0, quieted: 0 },
  unloadable: { anomalies: 0, alarms: 0, quieted: 0 },
};

/** A pool with detectors that follow its plan, and a stream that they score. */
export class PoolWorld {
  nowMs = 1_700_000_000_000;
  watchedSinceMs = this.nowMs;
  readonly behaviours = new Map<number, Behaviour>();
  versions: KnownVersion[] = [];
  readonly said: string[] = [];
  /** Partitions that are told of. */
  told: string[];
  readonly pool: PoolView;
  /** Whether detectors score shadows. */
  shadowsScored = false;
  readonly #perSecond: Readonly<Record<string, number>>;

  /** `perSecond`: readings of each partition. */
  constructor(perSecond: Readonly<Record<string, number>>, rollout: object = {}) {
    this.#perSecond = perSecond;
    this.told = Object.keys(perSecond);
    this.pool = {
      namespace: 'default',
      name: 'shop',
      spec: DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop', rollout }),
      plan: { revision: 0, partitions: {} },
      partitions: this.told.map((partition) => emptyPartition(partition)),
      members: [],
      rollout: { revision: 0, state: null, baseline: null, events: [], commands: [] },
    };
  }

  add(version: number, behaviour: Behaviour): void {
    this.versions = [...this.versions, { version, state: 'accepted' }];
    this.behaviours.set(version, behaviour);
  }

  ask(command: RolloutCommand): void {
    this.pool.rollout.commands.push(command);
  }

  /** The stream flows for so long; each partition is scored by what the plan says, or by the fallback of that. */
  flow(seconds: number): void {
    this.nowMs += seconds * 1000;
    for (const view of this.pool.partitions) {
      const readings = Math.round(seconds * (this.#perSecond[view.partition] ?? 0));
      const planned = this.pool.plan.partitions[view.partition];
      this.#score(view, readings, planned?.version ?? 0, planned?.fallback ?? null);
      if (planned && planned.shadow !== null) this.#scoreBeside(view, readings, planned.shadow);
    }
  }

  /** The two alarm at readings of their own. */
  #scoreBeside(view: PartitionView, readings: number, shadow: number): void {
    const version = view.version ?? 0;
    if (shadow === version || readings === 0) return;
    const figures = shadowFiguresOf(view, version, shadow);
    const behaviour = this.behaviours.get(shadow) ?? 'sane';
    if (behaviour === 'throws' || behaviour === 'unloadable') {
      if (behaviour === 'throws') {
        figures.errors += 1;
        figures.trouble = 'bad net';
      }
      return;
    }
    const [served, would] = [perThousand[this.behaviours.get(version) ?? 'sane'], perThousand[behaviour]];
    figures.readings += readings;
    figures.disagreements += (readings * (served.alarms + would.alarms)) / 1000;
    for (const kind of ['anomalies', 'alarms', 'quieted'] as const) {
      figures.served[kind] += (readings * served[kind]) / 1000;
      figures.would[kind] += (readings * would[kind]) / 1000;
    }
  }

  #score(view: PartitionView, readings: number, version: number, fallback: number | null): void {
    const behaviour = this.behaviours.get(version) ?? 'sane';
    const figures = figuresOf(view, version);
    if (behaviour === 'throws' && readings > 0) figures.errors += 1;
    if (behaviour === 'throws' || behaviour === 'unloadable') {
      if (fallback === null) view.lagEvents = (view.lagEvents ?? 0) + readings;
      else this.#score(view, readings, fallback, null);
      return;
    }
    view.version = version;
    view.readings += readings;
    figures.readings += readings;
    // Not rounded, so that small amounts add up.
    const share = perThousand[behaviour];
    figures.anomalies += (readings * share.anomalies) / 1000;
    figures.alarms += (readings * share.alarms) / 1000;
    figures.quieted += (readings * share.quieted) / 1000;
  }

  round(): PoolRound {
    const { nowMs, watchedSinceMs, versions, shadowsScored } = this;
    const pool = structuredClone(this.pool);
    pool.partitions = pool.partitions.filter(({ partition }) => this.told.includes(partition));
    return poolRound({ pool, versions, nowMs, watchedSinceMs, shadowsScored });
  }

  /** One look; all that it asks for is written, as far as nothing crashes. */
  look(crash: Crash = 'none'): PoolRound {
    const round = this.round();
    const { pool } = this;
    if (crash === 'record') return round;
    if (round.update) {
      const { state, baseline, events } = structuredClone(round.update);
      const commands = pool.rollout.commands.filter(({ id }) => !state.handledCommands.includes(id));
      pool.rollout = { revision: pool.rollout.revision + 1, state, baseline, events: [], commands };
      this.said.push(...events.map(({ reason }) => reason));
    }
    if (crash === 'states') return round;
    for (const change of round.versionStates)
      this.versions = this.versions.map((one) => (one.version === change.version ? change : one));
    if (crash === 'plan') return round;
    if (round.plan) pool.plan = { revision: pool.plan.revision + 1, partitions: round.plan };
    return round;
  }

  /** Looks every two seconds while the stream flows. */
  live(seconds: number): void {
    for (let passed = 0; passed < seconds; passed += 2) {
      this.flow(2);
      this.look();
    }
  }

  get state() {
    return this.pool.rollout.state;
  }

  /** Version that each partition is to be served with. */
  served(): number[] {
    return this.pool.partitions.map(({ partition }) => this.pool.plan.partitions[partition]?.version ?? 0);
  }
}

function emptyPartition(partition: string): PartitionView {
  const planned = { version: 0, shadow: null, fallback: null };
  const life = { version: null, checkpoint: -1, readings: 0, duplicates: 0, lagEvents: 0 };
  const nobody = { figures: [], shadow: null, shadows: [] };
  return { partition, holder: null, epoch: 0, planned, ...life, ...nobody };
}

function figuresOf(view: PartitionView, version: number): VersionFigures {
  const known = view.figures.find((one) => one.version === version);
  if (known) return known;
  const since = '2026-01-01T00:00:00.000Z';
  const made = { version, readings: 0, anomalies: 0, alarms: 0, quieted: 0, errors: 0, since };
  view.figures.push(made);
  return made;
}

function shadowFiguresOf(view: PartitionView, version: number, shadow: number): ShadowFigures {
  const known = view.shadows.find((one) => one.version === version && one.shadow === shadow);
  if (known) return known;
  const made: ShadowFigures = {
    version,
    shadow,
    readings: 0,
    disagreements: 0,
    scoreDifference: 0,
    served: { anomalies: 0, alarms: 0, quieted: 0 },
    would: { anomalies: 0, alarms: 0, quieted: 0 },
    errors: 0,
    drops: 0,
    trouble: null,
    since: '2026-01-01T00:00:00.000Z',
  };
  view.shadows.push(made);
  return made;
}
