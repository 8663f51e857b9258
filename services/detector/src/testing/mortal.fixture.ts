/** A process's life that ends after a number of steps, in the middle of whatever it was doing. */
export class MortalLife {
  #stepsLeft: number;
  #die: () => void = () => undefined;
  /** Resolves at the death. */
  readonly death: Promise<void>;

  constructor(steps: number) {
    this.#stepsLeft = steps;
    this.death = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  /** Goes on, or never again: as after `kill -9`, nothing behind it runs, no `finally` either. */
  async step(): Promise<void> {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft >= 0) return;
    this.#die();
    await new Promise<never>(() => undefined);
  }

  /** Ends it now, whatever steps were left. */
  kill(): void {
    this.#stepsLeft = 0;
    this.#die();
  }

  /** The same port, where every call is two steps: death comes before its effect, or after it. */
  mortal<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]) => {
          await this.step();
          const result: unknown = await member.apply(target, given);
          await this.step();
          return result;
        };
      },
    });
  }
}
