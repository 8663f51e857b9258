import type { AlarmPattern, SignalContribution } from '@verdict/contracts';

/** Which partition of which pool, and by what right. Commits with an epoch that is not the newest are refused. */
export interface PartitionRef {
  /** Namespace and pool, `default/shop`: also the lease group. */
  readonly pool: string;
  readonly partition: string;
  readonly epoch: number;
  readonly holder: string;
}

/** A snapshot of series state, in the blob store: a whole one, or what has changed since the one committed before it. */
export interface SnapshotRef {
  readonly blob: string;
  /** Blob of the whole snapshot that its chain begins with; null = it is whole itself. */
  readonly base: string | null;
  /** Sequence number of the last event whose readings are in it. */
  readonly sequence: number;
}

/** From which event on a version (with overlay and shadow) was in force. Replays follow these. */
export interface VersionSpan {
  /** First event scored by it. */
  readonly fromSequence: number;
  readonly version: number;
  /** Version scored beside it; null = none. */
  readonly shadow: number | null;
  readonly overlay: number;
}

/** What a new lease holder needs to go on where the last one committed. */
export interface PartitionState {
  /** Sequence number of the last committed event; -1 = none yet. */
  readonly checkpoint: number;
  /** Newest first: the two newest whole ones, and all that follow them in their chains. */
  readonly snapshots: readonly SnapshotRef[];
  /** Ascending; from the oldest kept snapshot on. */
  readonly versions: readonly VersionSpan[];
  /** Hub identity and partition count at the first commit; null before. */
  readonly hub: { identity: string; partitionCount: number } | null;
  /** Times that the partition was claimed since its checkpoint last moved (this claim included). */
  readonly attempts: number;
}

/** Scored readings of one series in columns; row-major per signal, NaN = missing or unknown. */
export interface HistoryRows {
  readonly signals: readonly string[];
  /** Epoch milliseconds, ascending. */
  readonly times: Float64Array;
  readonly values: Float32Array;
  readonly expected: Float32Array;
  /** Half width of the expected band. */
  readonly band: Float32Array;
  /** [0, 1]; one per reading. */
  readonly score: Float32Array;
  /** `readingFlags` of contracts; one per reading. */
  readonly flags: Uint8Array;
}

/** An anomaly as the detector commits it. */
export interface AnomalyRecord {
  readonly id: string;
  readonly series: string;
  readonly modelVersion: number;
  readonly state: 'open' | 'closed';
  readonly startMs: number;
  readonly endMs: number;
  readonly peakMs: number;
  readonly peakScore: number;
  readonly signals: readonly SignalContribution[];
  readonly patterns: readonly AlarmPattern[];
  readonly revision: number;
  /** What happened in this revision; goes to the outbox. */
  readonly kind: 'opened' | 'updated' | 'closed';
}

export interface SeriesStatus {
  readonly series: string;
  readonly signals: readonly string[];
  readonly state: 'warming' | 'scored';
  readonly readings: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly score: number | null;
  readonly openAnomaly: string | null;
}

/** A reading or event that cannot be used. */
export interface DeadLetter {
  readonly sequence: number;
  /** Null when the event could not even be decoded. */
  readonly series: string | null;
  readonly timeMs: number | null;
  readonly reason: 'undecodable' | 'late' | 'poisonous';
  readonly detail: string;
  readonly payload: Uint8Array;
}

/** What a version did over some readings. */
export interface ScoringFigures {
  readonly readings: number;
  /** Anomalies opened. */
  readonly anomalies: number;
  /** Readings above the border. */
  readonly alarms: number;
  /** Readings that the false-alarm memory or the version's taught patterns kept below it. */
  readonly quieted: number;
  /** Unflagged readings per bin of p-values (64 equal bins); empty when the version has no reference. */
  readonly pValues: readonly number[];
  /** Scaled steps per bin of the version's reference of inputs; empty when it has none. */
  readonly inputs: readonly number[];
  /** Natural logarithms of scaled residuals of unflagged readings. */
  readonly logResiduals: { readonly sum: number; readonly count: number };
}

/** What a version did on one partition in its whole life there. */
export interface VersionLife extends ScoringFigures {
  readonly version: number;
  /** Times that scoring with it failed. */
  readonly errors: number;
  /** When it first committed readings there, epoch ms; while `readings` is 0, when it first failed there. */
  readonly sinceMs: number;
}

/** What a version did, or would have done, over the readings that it was compared on. */
export type ComparedFigures = Pick<ScoringFigures, 'anomalies' | 'alarms' | 'quieted'>;

/** What a shadow did beside the version that served, over the same readings. */
export interface ShadowScoring {
  /** Readings that both scored. */
  readonly readings: number;
  /** Readings at which exactly one of the two was above the border. */
  readonly disagreements: number;
  /** Sum of |score − score|, in steps of 2^-20, so that it is the same in whatever order it is added up. */
  readonly scoreDifference: number;
  /** The version that served. */
  readonly served: ComparedFigures;
  /** The shadow: its anomalies and alarms are told to nobody. */
  readonly would: ComparedFigures;
}

/** Why a shadow was let go. */
export interface ShadowTrouble {
  readonly shadow: number;
  /** `error`: it threw, or is missing or damaged. `budget`: it took too much time or memory. */
  readonly kind: 'error' | 'budget';
  /** One sentence without its full stop. */
  readonly reason: string;
}

/** What a shadow did beside a version on one partition in their whole life there. */
export interface ShadowLife extends ShadowScoring {
  /** The version that served. */
  readonly version: number;
  readonly shadow: number;
  readonly errors: number;
  readonly drops: number;
  /** Why it was let go last; null = it never was. */
  readonly trouble: string | null;
  /** First commit of the two, epoch ms. */
  readonly sinceMs: number;
}

/** Everything that one batch changes; all of it is written in one transaction, or nothing. */
export interface BatchCommit {
  readonly ref: PartitionRef;
  /** Sequence number of the last event of the batch. */
  readonly checkpoint: number;
  readonly hub: { identity: string; partitionCount: number };
  readonly version: number;
  readonly overlay: number;
  /** Version that was scored beside it to the end of the batch; null = none. */
  readonly shadow: number | null;
  readonly history: readonly { series: string; rows: HistoryRows }[];
  readonly anomalies: readonly AnomalyRecord[];
  readonly deadLetters: readonly DeadLetter[];
  /** Series whose status is worth writing now (new ones, changed state, or every few seconds). */
  readonly series: readonly SeriesStatus[];
  /** A snapshot already in the blob store whose sequence is at most the checkpoint. */
  readonly snapshot: SnapshotRef | null;
  /** Readings of this batch: new ones and repeated ones that were dropped. Counted, as `figures`, only if the checkpoint moves. */
  readonly counted: { readings: number; duplicates: number };
  /** What `version` did in this batch; added to its life on the partition. */
  readonly figures: ScoringFigures;
  /** What `shadow` did beside it in this batch; null = nothing. Counted, as its troubles, only if the checkpoint moves. */
  readonly comparison: ShadowScoring | null;
  /** Shadows that were let go since the last commit. */
  readonly shadowTroubles: readonly ShadowTrouble[];
}

/** An outbox row: a change of an anomaly that is committed but perhaps not yet told. */
export interface OutboxEntry {
  readonly id: bigint;
  readonly anomalyId: string;
  readonly revision: number;
  readonly kind: 'opened' | 'updated' | 'closed';
}

/** Where detectors keep what they did. */
export interface PartitionStore {
  /** Reads the state for a fresh claim and counts the attempt. Throws `EpochLost`. */
  load(ref: PartitionRef): Promise<PartitionState>;
  /** Writes a batch. Throws `EpochLost` when the lease has gone to somebody else: nothing is written then. Resolves with blobs of snapshots that nothing refers to any more. */
  commit(batch: BatchCommit): Promise<{ obsoleteSnapshots: string[] }>;
  /** Counts a failure of a version while it scored this partition; needs no epoch, for it changes no result. */
  failed(pool: string, partition: string, version: number): Promise<void>;
  /** Per series the newest time in history (epoch ms), to trim replayed tails; series without history are left out. */
  newestHistory(pool: string, partition: string): Promise<Map<string, number>>;
  /** Which of these readings are already in history: answers in the same order. */
  existsInHistory(pool: string, readings: readonly { series: string; timeMs: number }[]): Promise<boolean[]>;
  /** Outbox rows of a partition, oldest first. */
  outbox(pool: string, partition: string, limit: number): Promise<OutboxEntry[]>;
  /** Removes outbox rows that have been told. */
  told(ids: readonly bigint[]): Promise<void>;
}
