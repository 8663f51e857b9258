import type { ObjectKey } from '../kube/kube-object.ts';
import type { Outcome } from './outcome.ts';

/** What a reconcile gets besides the key. */
export interface ReconcileContext {
  /** Aborted at the deadline, when the operator stops, and when it no longer leads: pass it to every request. */
  readonly signal: AbortSignal;
  /** How often reconciling this key has failed in a row. */
  readonly failures: number;
}

/**
 * Brings the world one look closer to what the object of this key wants. Never runs twice at a time for one key.
 * It looks at the whole state (the object may be gone) and never at what happened. Throwing means: back off, try again.
 */
export type Reconcile = (key: ObjectKey, context: ReconcileContext) => Promise<Outcome>;
