import { randomFrom } from '../random.ts';
import {
  adapterEnvironment,
  type Break,
  breaks,
  isLetter,
  type Letter,
  type Note,
  type Order,
} from './messages.ts';

/** Longest time that a process waits where it was asked to. */
const holdMs = 60_000;

type Gate = Extract<Order, { kind: 'gate' }>;

/** This process's end of the channel to the soak: what it was asked to do, and what it has to tell. */
class Link {
  readonly broken: Break | null = breaks.find((one) => one === process.env[adapterEnvironment.break]) ?? null;
  readonly gated = process.env[adapterEnvironment.gated] === 'yes';
  readonly overlaysUrl = process.env[adapterEnvironment.overlaysUrl];
  /** What the injected clock is ahead of the real one. */
  clock = { wallMs: 0, monotonicMs: 0 };
  mostOverlay = 0;
  readonly #errors = new Map<'database' | 'blobs', { share: number; untilMs: number; draw: () => number }>();
  readonly #gates = new Map<string, Gate>();
  #holds = false;
  #threw = 0;
  /** Called whenever an order came. */
  #wake = new Set<() => void>();

  constructor() {
    process.on('message', (message) => {
      if (isLetter(message)) this.#obey((message as Letter<Order>).soak);
    });
  }

  tell(note: Note): void {
    // Without a channel nobody listens; one that closes just now ends this process anyway.
    if (process.connected)
      process.send?.({ soak: note } satisfies Letter<Note>, undefined, undefined, () => {});
  }

  #obey(order: Order): void {
    if (order.kind === 'errors') {
      const { of, share, forMs, seed } = order;
      this.#errors.set(of, { share, untilMs: performance.now() + forMs, draw: randomFrom(seed) });
    } else if (order.kind === 'clock')
      this.clock = { wallMs: order.wallMs, monotonicMs: this.clock.monotonicMs + order.monotonicMs };
    else if (order.kind === 'gate') this.#gates.set(order.partition, order);
    else if (order.kind === 'overlay') this.mostOverlay = order.most;
    else this.#holds = order.kind === 'hold';
    const waiting = this.#wake;
    this.#wake = new Set();
    for (const wake of waiting) wake();
  }

  /** Resolves at the next order, or after a while. */
  change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#wake.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** How a call goes: a part of them fails while it was asked for, some before anything is done, some after. */
  fate(of: 'database' | 'blobs'): 'passes' | 'fails before' | 'fails after' {
    const errors = this.#errors.get(of);
    if (errors === undefined || performance.now() > errors.untilMs || errors.draw() >= errors.share)
      return 'passes';
    if (this.#threw++ === 0)
      setTimeout(() => {
        this.tell({ kind: 'threw', calls: this.#threw });
        this.#threw = 0;
      }, 250).unref();
    return errors.draw() < 0.5 ? 'fails before' : 'fails after';
  }

  /** Waits here when the soak has asked for it, until it says so or for a bounded time. */
  async hold(): Promise<void> {
    if (!this.#holds) return;
    this.tell({ kind: 'held' });
    const deadline = performance.now() + holdMs;
    while (this.#holds && performance.now() < deadline) await this.change(deadline - performance.now());
    this.#holds = false;
  }

  gate(partition: string): Gate {
    return this.#gates.get(partition) ?? { kind: 'gate', partition, upTo: -1, idle: false, revision: 0 };
  }
}

export const link = new Link();
