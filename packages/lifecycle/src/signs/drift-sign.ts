import type { Sign } from '@verdict/contracts';
import { Adwin, type AdwinState, type Change } from './adwin.ts';
import { signOf } from './sign.ts';

export interface DriftState {
  readonly adwin: AdwinState;
  readonly lastChange: (Change & { readonly atMs: number }) | null;
}

/** A change is an instant, the other signs are states: this long it counts as one. */
const holdMs = 6 * 3_600_000;
/** In natural logarithms, of the size of the residuals: smaller changes are real and no trouble. */
const smallestChange = 0.1;

/**
 * Whether the sizes of the residuals changed: ADWIN on the mean log residual of each batch or minute of event time
 * (single ones depend too much on each other). Active for six hours after a change by more than a tenth. Start anew
 * with every version that comes to serve.
 */
export class DriftSign {
  readonly #adwin: Adwin;
  #lastChange: DriftState['lastChange'];

  constructor(state?: DriftState) {
    this.#adwin = new Adwin(0.002, state?.adwin);
    this.#lastChange = state?.lastChange ?? null;
  }

  /** Mean of the natural logarithms of the residuals over one batch, and its event time. */
  add(logResidual: number, atMs: number): void {
    const change = this.#adwin.add(logResidual);
    if (change && Math.abs(change.after - change.before) > smallestChange)
      this.#lastChange = { ...change, atMs };
  }

  snapshot(): DriftState {
    return { adwin: this.#adwin.snapshot(), lastChange: this.#lastChange };
  }

  /** `nowMs` in event time. */
  sign(nowMs: number): Sign {
    const { count } = this.#adwin.window();
    const change = this.#lastChange && nowMs - this.#lastChange.atMs < holdMs ? this.#lastChange : null;
    const value = change ? Math.abs(change.after - change.before) : count > 0 ? 0 : null;
    const text = change
      ? `residuals changed by the factor ${Math.exp(change.after - change.before).toFixed(2)} at ${new Date(change.atMs).toISOString()}`
      : `residuals have kept their size over the last ${count} batches`;
    return signOf({ name: 'drift', value, border: smallestChange, text });
  }
}
