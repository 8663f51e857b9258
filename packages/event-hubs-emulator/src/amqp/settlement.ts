import type { Delivery } from 'rhea';
import type { LinkError } from './link-error.ts';

/**
 * Answers deliveries of one session. rhea 3.0.5 joins the answers of one tick into ranges and gives the second
 * of a range the outcome of the first without a look (`write_dispositions`): an event that was refused could
 * reach its sender as accepted. So different outcomes go out in different turns of the event loop, and every
 * refusal in its own.
 */
export class Settlement {
  #queue: { delivery: Delivery; error: LinkError | undefined }[] = [];
  #scheduled = false;
  #mayAccept = true;

  /** Accepts the delivery, or rejects it with `error`. */
  settle(delivery: Delivery, error?: LinkError): void {
    if (error === undefined && this.#queue.length === 0 && this.#mayAccept) {
      delivery.accept();
      return;
    }
    this.#queue.push({ delivery, error });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  /** rhea writes between two turns, so whatever was answered in the last one is out by now. */
  #flush(): void {
    this.#scheduled = false;
    this.#mayAccept = true;
    while (this.#queue[0] !== undefined) {
      const { delivery, error } = this.#queue[0];
      if (error !== undefined) {
        this.#queue.shift();
        delivery.reject(error);
        this.#mayAccept = false;
        break;
      }
      this.#queue.shift();
      delivery.accept();
      if (this.#queue[0]?.error !== undefined) break;
    }
    if (this.#queue.length > 0 || !this.#mayAccept) this.#schedule();
  }
}
