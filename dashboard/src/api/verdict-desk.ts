import { FeedbackAccepted, type FeedbackRequest } from '@verdict/contracts';
import type { PendingVerdict, PendingVerdicts } from '../lib/pending-verdicts.ts';
import { fetchAnomaly } from './anomalies.ts';
import type { AnomalyFeed } from './anomaly-feed.ts';
import type { ApiClient } from './client.ts';

/** If the receipt does not come through the hub, the anomaly is read again this often, so many times. */
const receiptCheckMs = 4_000;
const mostReceiptChecks = 8;

interface DeskParts {
  readonly client: ApiClient;
  readonly pending: PendingVerdicts;
  readonly feed: AnomalyFeed;
}

/** Sends people's answers and follows each until the server shows it. */
export class VerdictDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Sends an answer. It is shown at once as on its way; failures stay shown on the anomaly until sent again. */
  async send(request: FeedbackRequest): Promise<void> {
    const { client, pending } = this.#parts;
    const begun = pending.begin(request);
    let accepted: PendingVerdict | null;
    try {
      await client.post('/feedback', { answer: FeedbackAccepted, body: request });
      accepted = pending.accept(begun);
    } catch (error) {
      pending.fail(begun, error instanceof Error ? error.message : String(error));
      return;
    }
    if (accepted !== null) await this.#awaitReceipt(accepted);
  }

  /** Sends a failed answer again. */
  async again(failed: PendingVerdict): Promise<void> {
    await this.send({
      anomalyId: failed.anomalyId,
      verdict: failed.verdict,
      reason: failed.reason ?? undefined,
      comment: failed.comment ?? undefined,
    });
  }

  async #awaitReceipt(accepted: PendingVerdict): Promise<void> {
    const { client, pending, feed } = this.#parts;
    for (let check = 0; check < mostReceiptChecks; check++) {
      await new Promise((resolve) => setTimeout(resolve, receiptCheckMs));
      if (pending.of(accepted.anomalyId) !== accepted) return;
      try {
        feed.applyRead([await fetchAnomaly(client, accepted.anomalyId)]);
      } catch (error) {
        console.warn('verdict: could not look for the receipt', error);
      }
    }
  }
}
