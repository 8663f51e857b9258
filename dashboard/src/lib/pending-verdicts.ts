import type { CurrentVerdict, FeedbackRequest, Verdict } from '@verdict/contracts';
import { Subscribers } from './subscribers.ts';

/**
 * An answer on its way. `sending`: the gateway has not taken it yet; `accepted`: it is kept, the receipt through
 * the hub is awaited; `failed`: it was not taken.
 */
export interface PendingVerdict {
  readonly anomalyId: string;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly comment: string | null;
  readonly phase: 'sending' | 'accepted' | 'failed';
  /** Why it failed. */
  readonly problem: string | null;
}

/** Answers on their way, one per anomaly (a later one replaces an earlier one). */
export class PendingVerdicts {
  readonly #subscribers = new Subscribers();
  readonly #pending = new Map<string, PendingVerdict>();

  readonly subscribe = (listener: () => void): (() => void) => this.#subscribers.add(listener);

  /** The answer on its way to an anomaly; the same object until it changes. */
  of(anomalyId: string): PendingVerdict | undefined {
    return this.#pending.get(anomalyId);
  }

  /** An answer leaves. Returns it; later steps name it, so that they cannot touch a newer one. */
  begin(request: FeedbackRequest): PendingVerdict {
    const pending: PendingVerdict = {
      anomalyId: request.anomalyId,
      verdict: request.verdict,
      reason: request.reason ?? null,
      comment: request.comment ?? null,
      phase: 'sending',
      problem: null,
    };
    this.#pending.set(request.anomalyId, pending);
    this.#subscribers.tell();
    return pending;
  }

  /** The gateway has it. False if a newer answer took its place meanwhile, or it is confirmed already. */
  accept(pending: PendingVerdict): PendingVerdict | null {
    return this.#replace(pending, { ...pending, phase: 'accepted' });
  }

  /** It was not taken. */
  fail(pending: PendingVerdict, problem: string): void {
    this.#replace(pending, { ...pending, phase: 'failed', problem });
  }

  /** Gives up on it: the page shows what the server says. */
  drop(anomalyId: string): void {
    if (this.#pending.delete(anomalyId)) this.#subscribers.tell();
  }

  /** The current verdicts arrived: whoever's answer is among them needs to wait no longer. */
  confirm(anomalyId: string, verdicts: readonly CurrentVerdict[], person: string): void {
    const pending = this.#pending.get(anomalyId);
    if (pending === undefined || pending.phase === 'failed') return;
    const mine = verdicts.find((given) => given.person === person);
    const arrived =
      pending.verdict === 'withdrawn'
        ? mine === undefined
        : mine !== undefined &&
          mine.verdict === pending.verdict &&
          mine.reason === pending.reason &&
          mine.comment === pending.comment;
    if (arrived) this.drop(anomalyId);
  }

  #replace(pending: PendingVerdict, next: PendingVerdict): PendingVerdict | null {
    if (this.#pending.get(pending.anomalyId) !== pending) return null;
    this.#pending.set(pending.anomalyId, next);
    this.#subscribers.tell();
    return next;
  }
}
