import type { AuditPage, AuditQuery, Flood, FloodReview, FloodsQuery } from '@verdict/contracts';

/** What somebody answered in a rolling time, and when the oldest of it leaves that time, epoch ms. */
export interface AnsweredWithin {
  readonly answers: number;
  readonly freesAtMs: number;
}

/** What is known of somebody's answers when a further one comes. */
export interface AnswerFacts {
  readonly hour: AnsweredWithin;
  readonly day: AnsweredWithin;
  /** Within the last minute (50 to 60 s: they are counted in tens), with the one at hand, since the last review. */
  readonly lastMinute: number;
  /**
   * Answers in each minute of the last 30 days in which there were any, without the last hour and what is held or was
   * discarded. Read only where `lastMinute` is above `historyAbove`; else empty.
   */
  readonly earlierMinutes: readonly number[];
}

/** What is to become of an answer: refused, or taken, perhaps as part of a flood. */
export type AnswerRuling<Refusal> =
  | { readonly refusal: Refusal }
  | { readonly flood: { readonly limit: number; readonly usual: number | null } | null };

/** What became of it. */
export type AnswerAdmission<Refusal> =
  | { readonly refusal: Refusal }
  | {
      /** The flood that it is part of; null = it counts. */
      readonly floodId: string | null;
      /** Whether the flood began with it. */
      readonly raised: boolean;
    };

/** How much people answer, what of it is held back, and the audit trail of all of it. */
export interface AnswerStore {
  /**
   * Counts an answer, as `rule` says of it; of one person one at a time, over all gateways. A flood reaches from a
   * minute before its first answer (not before the last review) to `holdMs` after its newest.
   */
  admit<Refusal>(request: {
    person: string;
    atMs: number;
    historyAbove: number;
    holdMs: number;
    rule: (facts: AnswerFacts) => AnswerRuling<Refusal>;
  }): Promise<AnswerAdmission<Refusal>>;
  /** Takes the count of an answer back that could not be sent. */
  release(person: string, atMs: number): Promise<void>;
  /** Newest first. */
  floods(query: FloodsQuery): Promise<Flood[]>;
  /**
   * Decides about an open flood; it ends with the review. Null when there is no such flood; `changed` is false when it
   * was reviewed before. Touches all anomalies in it and tells the change feed, as new verdicts do.
   */
  review(
    id: string,
    review: FloodReview & { by: string; atMs: number },
  ): Promise<{ flood: Flood; changed: boolean } | null>;
  /** Newest first. Throws `InvalidPageToken` for a `next` that it did not give. */
  audit(query: AuditQuery): Promise<AuditPage>;
  /** Forgets how fast people answered before this. */
  dropOldPace(beforeMs: number): Promise<void>;
}
