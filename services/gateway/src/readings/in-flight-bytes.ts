import { HttpProblem } from '@verdict/process';

/** Room for request bodies that are under way. */
export class InFlightBytes {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes under way now. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes room; the returned function gives it back, once. Throws 429 when there is not enough. */
  take(bytes: number): () => void {
    if (this.#taken + bytes > this.#limit)
      throw new HttpProblem(429, {
        detail: 'More is being sent than the hub takes right now; try again soon.',
        retryAfterSeconds: 1,
      });
    this.#taken += bytes;
    let held = bytes;
    return () => {
      this.#taken -= held;
      held = 0;
    };
  }
}
