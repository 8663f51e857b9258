import type { Change } from '@verdict/storage';

/** What people are told of; log-ins and keys are the gateway's own business. */
export type TellableChange = Exclude<Change, { topic: 'session' | 'key' }>;

type Kind = 'opened' | 'updated' | 'closed';

/** The newest change of an anomaly, with the trace of its announcement if there is one. */
interface QueuedChange {
  readonly revision: number;
  readonly kind: Kind;
  readonly traceparent?: string;
}

/** What has changed and is not yet told; changes of one thing are folded into one. */
export interface PendingChanges {
  /** Anomaly id → its newest change. */
  readonly anomalies: ReadonlyMap<string, QueuedChange>;
  readonly feedback: ReadonlySet<string>;
  /** Models whose trust was looked at again. */
  readonly trust: readonly { namespace: string; name: string }[];
  readonly resources: readonly { topic: 'model' | 'pool'; name: string; event: string }[];
  /** Changes may have been missed: everything since the last good cursor must be told. */
  readonly gap: boolean;
}

/** Collects changes until somebody takes them. Beyond `limit` anomalies it only remembers that there is a gap. */
export class ChangeQueue {
  readonly #limit: number;
  #anomalies = new Map<string, QueuedChange>();
  #feedback = new Set<string>();
  #trust = new Map<string, { namespace: string; name: string }>();
  #resources = new Map<string, { topic: 'model' | 'pool'; name: string; event: string }>();
  #gap = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(change: TellableChange): void {
    if (change.topic === 'anomaly') {
      const known = this.#anomalies.get(change.id);
      // `opened` stays until it was told: a client that hears only of an update has not been told of a new one.
      const kind = known?.kind === 'opened' && change.kind === 'updated' ? 'opened' : change.kind;
      if (known === undefined || change.revision > known.revision)
        this.#anomalies.set(change.id, { revision: change.revision, kind, ...traceOf(change) });
    } else if (change.topic === 'feedback') this.#feedback.add(change.anomalyId);
    else if (change.topic === 'trust')
      this.#trust.set(`${change.namespace}/${change.name}`, {
        namespace: change.namespace,
        name: change.name,
      });
    else
      this.#resources.set(`${change.topic} ${change.namespace}/${change.name} ${change.event}`, {
        topic: change.topic,
        name: change.name,
        event: change.event,
      });
    if (this.#size > this.#limit) this.markGap();
  }

  /** Changes may have been missed. What is queued would be told anyway, so it is dropped. */
  markGap(): void {
    this.#clear();
    this.#gap = true;
  }

  get empty(): boolean {
    return !this.#gap && this.#size === 0;
  }

  get #size(): number {
    return this.#anomalies.size + this.#feedback.size + this.#trust.size + this.#resources.size;
  }

  /** Takes everything. */
  take(): PendingChanges {
    const taken = {
      anomalies: this.#anomalies,
      feedback: this.#feedback,
      trust: [...this.#trust.values()],
      resources: [...this.#resources.values()],
      gap: this.#gap,
    };
    this.#clear();
    this.#gap = false;
    return taken;
  }

  #clear(): void {
    this.#anomalies = new Map();
    this.#feedback = new Set();
    this.#trust = new Map();
    this.#resources = new Map();
  }
}

function traceOf({ traceparent }: { traceparent?: string }): { traceparent?: string } {
  return traceparent === undefined ? {} : { traceparent };
}
