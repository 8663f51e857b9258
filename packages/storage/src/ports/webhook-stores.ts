import type { Anomaly, DeliveryState, WebhookKind } from '@verdict/contracts';

/** A webhook as it is made. */
export interface NewWebhook {
  readonly name: string;
  readonly kind: WebhookKind;
  readonly url: string;
  /** Keys `namespace/model`; none = every model. */
  readonly models: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** What signs its messages; null for an Alertmanager. */
  readonly secret: string | null;
  /** Value of the header `Authorization`; null = none goes along. */
  readonly authorization: string | null;
  readonly createdBy: string;
}

/** A webhook for people: without secrets, with how it fares. */
export interface WebhookRow
  extends Pick<NewWebhook, 'name' | 'kind' | 'url' | 'models' | 'labels' | 'createdBy'> {
  readonly authorized: boolean;
  readonly createdAtMs: number;
  /** null = it is told. */
  readonly disabledWhy: string | null;
  /** Since the last success. */
  readonly failures: number;
  readonly deliveredAtMs: number | null;
  readonly failedAtMs: number | null;
  readonly failure: string | null;
  readonly waiting: number;
  readonly dead: number;
  /** Age of what has waited longest; null = nothing waits. */
  readonly waitingMs: number | null;
}

/** Where and how something is sent: with secrets, for the sender alone. */
export interface WebhookTarget
  extends Pick<NewWebhook, 'name' | 'kind' | 'url' | 'labels' | 'authorization'> {
  /** Newest first; none for an Alertmanager. */
  readonly secrets: readonly string[];
  /** Since the last success. */
  readonly failures: number;
}

/** Webhooks, for those who administer them. Who did what goes into the audit trail, in the same transaction; no secret. */
export interface WebhookStore {
  /** False when the name is taken. Throws `TooManyWebhooks`. */
  create(webhook: NewWebhook): Promise<boolean>;
  list(): Promise<WebhookRow[]>;
  target(name: string): Promise<WebhookTarget | null>;
  /** With everything that it was still to be told; false when there is none. */
  remove(name: string, by: string): Promise<boolean>;
  /** Puts a new secret in place; the old one signs too for a while. False when there is none that signs. */
  rotate(name: string, secret: string, change: { overlapMs: number; by: string }): Promise<boolean>;
  /** Somebody tested it. Where it answered, nothing is held back any more. */
  tested(name: string, test: { by: string; delivered: boolean; message: string }): Promise<void>;
}

/** There are as many webhooks as there may be. */
export class TooManyWebhooks extends Error {
  override readonly name = 'TooManyWebhooks';
}

/** What is to be told, claimed by one gateway. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly anomalyId: string;
  readonly kind: 'opened' | 'closed';
  /** This one included; with the id it says which attempt is settled. */
  readonly attempts: number;
  readonly createdAtMs: number;
  /** Since it was made. */
  readonly ageMs: number;
  /** As it is now; null when it is gone. */
  readonly anomaly: Anomaly | null;
}

/** What became of an attempt. */
export interface Settlement {
  readonly id: number;
  readonly attempts: number;
  readonly state: DeliveryState;
  /** Before the next attempt, where it still waits. */
  readonly waitMs: number;
  /** Whether the attempt counts: one that we broke off ourselves does not. */
  readonly counts: boolean;
  readonly status: number | null;
  readonly message: string | null;
}

/** How a webhook does after some attempts. */
export interface WebhookHealth {
  readonly name: string;
  /** Whose attempts they were: nothing is noted where somebody else has taken hold since. */
  readonly holder: string;
  /** null = it answered well. */
  readonly failure: string | null;
  /** Nothing is sent to it for so long. */
  readonly pauseMs: number;
  /** Why nothing is sent to it any more; null = it goes on. */
  readonly disabledWhy: string | null;
}

/** A gateway's hold on a webhook: nobody else sends to it meanwhile. */
export interface WebhookHold {
  readonly name: string;
  readonly holder: string;
  readonly leaseMs: number;
}

/** What webhooks are still to be told. Rows come into being with the announcement of a change, in its transaction. */
export interface WebhookQueue {
  /** Takes hold of webhooks that have something due, and that nobody else holds; gives their names. */
  take(holder: string, leaseMs: number): Promise<string[]>;
  release(hold: WebhookHold): Promise<void>;
  /**
   * Prolongs the hold and claims what is due, oldest first; of one anomaly one change at a time, in order. Null when the
   * hold is lost, or nothing may be sent now.
   */
  claim(
    hold: WebhookHold,
    count: number,
  ): Promise<{ target: WebhookTarget; deliveries: ClaimedDelivery[] } | null>;
  /**
   * Prolongs the hold and gives the newest open anomalies of an Alertmanager that was told of them `everyMs` ago or
   * more; null when it was told since, or the hold is lost.
   */
  claimOpen(
    hold: WebhookHold,
    options: { everyMs: number; limit: number },
  ): Promise<{ target: WebhookTarget; anomalies: Anomaly[] } | null>;
  /** Notes what became of attempts, but of those that somebody began anew since; then how the webhook does. */
  settle(settlements: readonly Settlement[], health: WebhookHealth | null): Promise<void>;
  /** Gives up what waits for longer than that, and the oldest beyond so many; gives how many, by webhook. */
  giveUp(limits: { maxAgeMs: number; maxWaiting: number }): Promise<Map<string, number>>;
}

/** One delivery, for people. */
export interface DeliveryRow extends Omit<ClaimedDelivery, 'anomaly' | 'ageMs'> {
  readonly state: DeliveryState;
  readonly dueAtMs: number;
  readonly endedAtMs: number | null;
  readonly status: number | null;
  readonly message: string | null;
}

/** What was told, and what could not be. */
export interface DeliveryStore {
  /** Newest first. */
  list(
    webhook: string,
    query: { state?: DeliveryState | undefined; before?: number | undefined; limit: number },
  ): Promise<DeliveryRow[]>;
  /** Sends again what has ended: one, or all that are dead, and says so in the audit trail. Gives how many. */
  redeliver(webhook: string, which: number | 'dead', by: string): Promise<number>;
  /** Forgets what ended so long ago. */
  dropOld(keep: { deliveredMs: number; deadMs: number }): Promise<void>;
}
