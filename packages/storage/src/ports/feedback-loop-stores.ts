import type {
  AlarmPattern,
  Comparison,
  FiguresAt,
  ManifestSummary,
  MissedReport,
  ModelTrust,
  RolloutCommandRequest,
  RolloutEvent,
  RolloutRecord,
  RolloutState,
  TrustPoint,
  VersionState,
} from '@verdict/contracts';
import type { ShadowLife, VersionLife } from './partition-store.ts';
import type { VersionRow } from './registry-store.ts';

/** A false alarm that keeps its like on the same series quiet. */
export interface OverlayEntry {
  readonly anomalyId: string;
  readonly series: string;
  readonly patterns: readonly AlarmPattern[];
  /** Event time, epoch ms: later readings are not quieted by it. */
  readonly untilMs: number;
}

/** The false-alarm memory of pools, in numbered, immutable states: 0 is empty, every change makes the next number. */
export interface OverlayStore {
  /** Number of the newest state. */
  head(pool: string): Promise<number>;
  /**
   * Entries of one state, ascending by series and anomaly. A number above the head is a `RangeError`. The newest 1000
   * states and those that a replay may need are kept; entries that belonged only to others may be missing.
   */
  entries(pool: string, number: number): Promise<OverlayEntry[]>;
  /**
   * Adds and removes entries in one new state; tells the change feed (topic pool). Nothing to change (an entry that
   * is there with equal patterns and end, a removal of one that is not) makes no new state. An entry that is there
   * with other patterns or end is replaced; one that is both added and removed is added. Resolves with the head
   * afterwards. `traceparent` (W3C) names what led to the change.
   */
  amend(
    pool: string,
    change: {
      readonly add: readonly OverlayEntry[];
      readonly remove: readonly string[];
      readonly traceparent?: string | undefined;
    },
  ): Promise<number>;
  /** The `traceparent` of what led to a state while it is the newest; null = it was not traced, or there is a newer one. */
  causeOf(pool: string, number: number): Promise<string | null>;
  /** The entry of an anomaly in the newest state, with since when there is one (replacing it does not change that); null = none. */
  ofAnomaly(pool: string, anomalyId: string): Promise<(OverlayEntry & { addedAtMs: number }) | null>;
}

/** An anomaly with what people say of it. */
export interface LabelledAnomaly {
  readonly id: string;
  readonly series: string;
  readonly version: number;
  readonly state: 'open' | 'closed';
  readonly startMs: number;
  readonly endMs: number;
  readonly peakScore: number;
  readonly patterns: readonly AlarmPattern[];
  /** Those that count: none that were withdrawn, that wait for a review, or whose giver may not teach. */
  readonly verdicts: readonly { readonly person: string; readonly verdict: 'true' | 'false' }[];
  /** People who answered and whose answer counts for nothing; not there where there are none. */
  readonly unheard?: readonly string[];
}

/** What people said, for those who learn from it. */
export interface LabelStore {
  /** Anomalies of a model whose first to last anomalous reading so far overlap [fromMs, toMs], newest start first. */
  anomalies(request: {
    namespace: string;
    model: string;
    /** Only on this series. */
    series?: string;
    fromMs: number;
    toMs: number;
    limit: number;
  }): Promise<LabelledAnomaly[]>;
  /**
   * Reports that overlap [fromMs, toMs] and were not taken back: of more than `limit` those that start last.
   * Ascending by series and start. Those that count for nothing only with `uncounted`.
   */
  missed(request: {
    series?: string;
    fromMs: number;
    toMs: number;
    limit: number;
    uncounted?: boolean;
  }): Promise<MissedReport[]>;
  /** A report, also one that was taken back; null when there is none. */
  missedReport(id: string): Promise<(MissedReport & { withdrawn: boolean }) | null>;
  /** Records of verdicts that count, on anomalies that a version opened, newest first. */
  verdicts(request: {
    namespace: string;
    model: string;
    version: number;
    limit: number;
  }): Promise<{ sequence: number; atMs: number }[]>;
  /** Grows when verdicts recorded before count otherwise: a flood was seen, or reviewed. 0 = never. */
  reviews(): Promise<number>;
}

/** Trust in models, as it was found out last and over time. */
export interface TrustStore {
  get(
    namespace: string,
    model: string,
  ): Promise<{ revision: number; trust: ModelTrust; signs: unknown } | null>;
  /**
   * Stores trust when `expectedRevision` (0 = none yet) is the stored one; false when it is not. With a `point`, it is
   * added to the history; with `tell`, the change feed hears of it (topic trust). Points older than 30 days go.
   */
  put(request: {
    namespace: string;
    model: string;
    expectedRevision: number;
    trust: ModelTrust;
    /** What the signs have counted; JSON. */
    signs: unknown;
    point: TrustPoint | null;
    tell: boolean;
  }): Promise<boolean>;
  /** Ascending, thinned out evenly to at most `limit`. */
  history(request: {
    namespace: string;
    model: string;
    fromMs: number;
    toMs: number;
    limit: number;
  }): Promise<TrustPoint[]>;
}

/** Rollouts of pools, and what the versions did on their partitions. */
export interface RolloutStore {
  /** Revision 0 and no state where nothing was ever written. */
  get(pool: string): Promise<RolloutRecord>;
  /**
   * Replaces state and baseline, appends events (100 are kept), drops commands that `state.handledCommands` names,
   * when `expectedRevision` is the stored one; null when it is not. Tells the change feed (topic pool) of each event.
   */
  put(
    pool: string,
    expectedRevision: number,
    update: { state: RolloutState; baseline: FiguresAt | null; events: readonly RolloutEvent[] },
  ): Promise<RolloutRecord | null>;
  /** Notes a command (at most 10 wait); does not change the revision. @throws TooManyCommands */
  command(pool: string, id: string, command: RolloutCommandRequest): Promise<void>;
  /** Lives of all versions that are kept on all partitions, ascending by partition and version. */
  figures(pool: string): Promise<(VersionLife & { partition: string })[]>;
  /** What shadows did beside the versions that served, ascending by partition, version and shadow. */
  shadows(pool: string): Promise<(ShadowLife & { partition: string })[]>;
  /** Version → when it first scored for people, epoch ms, however long ago; versions that never did are not in it. */
  servedSince(pool: string): Promise<Map<number, number>>;
  /**
   * Drops the figures, in all pools, that have not changed since `beforeMs`, of versions that no plan, rollout or
   * partition names any more, and those of shadows where one of the two is such a version. Resolves with the lives
   * dropped.
   */
  dropOldFigures(beforeMs: number): Promise<number>;
}

export class TooManyCommands extends Error {
  override readonly name = 'TooManyCommands';
}

/** A version with little more than counts of what it was made of. */
export interface VersionSummaryRow extends Omit<VersionRow, 'manifest'> {
  readonly manifest: ManifestSummary | null;
}

/** What the registry knows of versions beside their rows. */
export interface VersionStore {
  /** As `RegistryStore.versions`, without the bulk of the manifests: for those who ask every second. */
  summaries(namespace: string, model: string): Promise<VersionSummaryRow[]>;
  /** Changes a version's state; false when there is no such version. Tells the change feed. */
  setState(namespace: string, model: string, version: number, state: VersionState): Promise<boolean>;
  /** Stores it for the version `comparison.candidate`, which need not be registered yet; replaces an earlier one. */
  putComparison(namespace: string, model: string, comparison: Comparison): Promise<void>;
  comparison(namespace: string, model: string, version: number): Promise<Comparison | null>;
  /** Notes that somebody asks for a training under this trigger id; a newer request replaces an older one. Tells the change feed. */
  askTraining(namespace: string, model: string, triggerId: string): Promise<void>;
  /** Newest request that no training was recorded for; null = none. */
  asked(namespace: string, model: string): Promise<string | null>;
}
