import type {
  AnomaliesPage,
  AnomaliesQuery,
  Anomaly,
  CurrentVerdict,
  FeedbackEvent,
  MissedEvent,
  Role,
} from '@verdict/contracts';
import type { HistoryRows, SeriesStatus } from './partition-store.ts';

/** Anomalies for readers. */
export interface AnomalyStore {
  list(query: AnomaliesQuery): Promise<AnomaliesPage>;
  get(id: string): Promise<Anomaly | null>;
  /**
   * Notes that a revision is being told, says so on the change feed and queues it for webhooks; false when this or a
   * newer one was told before, or when there is no such anomaly.
   */
  announce(change: Omit<AnomalyChange, 'topic'>): Promise<boolean>;
  /** Counts per model for `/models`, keyed `namespace/model`. */
  counts(): Promise<Map<string, { total: number; lastDay: number; judgedTrue: number; judgedFalse: number }>>;
}

/** Scored history for charts and trainings. */
export interface HistoryStore {
  /** All readings of a series in [fromMs, toMs], ascending, each once, at most `limit` newest. */
  read(request: {
    pool: string;
    series: string;
    fromMs: number;
    toMs: number;
    limit: number;
  }): Promise<HistoryRows | null>;
  /** History of all series of a pool for a training, series by series, ascending by key. */
  readPool(pool: string, fromMs: number, toMs: number): AsyncIterable<{ series: string; rows: HistoryRows }>;
  /** Readings in history per pool, about. */
  counts(): Promise<Map<string, { series: number; readings: number }>>;
}

export interface SeriesRow extends SeriesStatus {
  readonly pool: string;
  readonly partition: string;
}

/** What is known of every series. */
export interface SeriesStore {
  /** Ascending by key, after `after`. */
  list(request: { search?: string; after?: string; limit: number }): Promise<SeriesRow[]>;
  get(series: string): Promise<SeriesRow | null>;
  /** Series that no model wants, or whose readings were refused at the door. */
  noteAtDoor(
    entries: readonly { series: string; state: 'unassigned' | 'refused'; reason: string; atMs: number }[],
  ): Promise<void>;
  atDoor(): Promise<{ series: string; state: 'unassigned' | 'refused'; reason: string; atMs: number }[]>;
  /** Dead letters that nobody replayed, per reason. */
  deadLetters(): Promise<Record<string, number>>;
}

/** Verdicts: the history of all of them, and the current one per person and anomaly. */
export interface FeedbackStore {
  /**
   * Records events in order and moves the checkpoint of the feedback partition, in one transaction that asserts
   * the epoch (`EpochLost`). An event that was recorded before changes nothing. Tells the change feed which
   * anomalies have new verdicts. Events on anomalies that do not exist (yet) are kept all the same.
   */
  record(request: {
    group: string;
    partition: string;
    epoch: number;
    holder: string;
    checkpoint: number;
    events: readonly { sequence: number; event: FeedbackEvent }[];
    /** Reports of missed anomalies; the newest event of a report counts. */
    missed: readonly { sequence: number; event: MissedEvent }[];
    undecodable: readonly { sequence: number; payload: Uint8Array; detail: string }[];
  }): Promise<void>;
  /** Sequence number recorded last; -1 = none. */
  checkpoint(group: string, partition: string): Promise<number>;
  current(anomalyId: string): Promise<CurrentVerdict[]>;
}

export interface UserRow {
  readonly username: string;
  readonly passwordHash: string;
  readonly roles: readonly Role[];
  readonly failures: number;
  readonly lockedUntilMs: number | null;
}

/** Local users. */
export interface UserStore {
  get(username: string): Promise<UserRow | null>;
  put(user: { username: string; passwordHash: string; roles: readonly Role[] }): Promise<void>;
  /** Counts a failed log-in; locks for `lockMs` when there are `limit` in a row. */
  failed(username: string, limit: number, lockMs: number): Promise<void>;
  succeeded(username: string): Promise<void>;
}

/** An anomaly has a new revision. */
export interface AnomalyChange {
  readonly topic: 'anomaly';
  readonly id: string;
  readonly revision: number;
  readonly kind: 'opened' | 'updated' | 'closed';
  /** W3C `traceparent` of what announces it, where traces are kept. */
  readonly traceparent?: string;
}

/** Something that was committed and that other processes want to know at once. */
export type Change =
  | AnomalyChange
  | { readonly topic: 'feedback'; readonly anomalyId: string }
  | { readonly topic: 'trust'; readonly namespace: string; readonly name: string }
  /** A log-in was ended. */
  | { readonly topic: 'session'; readonly id: string }
  /** A key of a producer was revoked, or ends earlier. */
  | { readonly topic: 'key'; readonly id: string }
  | {
      readonly topic: 'model' | 'pool';
      readonly namespace: string;
      readonly name: string;
      readonly event: string;
    };

/** PostgreSQL's LISTEN: at most once, so readers fetch what they missed after a gap. */
export interface ChangeFeed {
  /** Calls for each change until stopped; reconnects by itself and then calls `onGap`. */
  listen(onChange: (change: Change) => void, onGap: () => void): Promise<{ stop(): Promise<void> }>;
}
