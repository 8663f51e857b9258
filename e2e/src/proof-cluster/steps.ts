/** A step of the proof, as it went. */
export interface StepRecord {
  readonly title: string;
  readonly seconds: number;
  readonly failed: boolean;
}

/** Tells the steps with their times as they go, and keeps them with figures and whatever does not hold. */
export class Steps {
  readonly records: StepRecord[] = [];
  /** What does not hold, in words. */
  readonly violations: string[] = [];
  readonly figures: Record<string, number | string> = {};
  readonly #startedMs = performance.now();
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Runs a step; what it rejects with ends the proof. */
  async run<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.#say(`${this.#clock()}  ${title}`);
    const startedMs = performance.now();
    let failed = true;
    try {
      const result = await work();
      failed = false;
      return result;
    } finally {
      const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
      this.records.push({ title, seconds, failed });
      this.#say(`${' '.repeat(8)}${failed ? 'FAILED after' : 'done in'} ${seconds.toFixed(1)} s`);
    }
  }

  tell(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.#say(`${' '.repeat(8)}${line}`);
  }

  figure(name: string, value: number | string): void {
    this.figures[name] = value;
    this.tell(`${name}: ${value}`);
  }

  /** Something must hold; the proof goes on where it does not, and ends as violated. */
  must(holds: boolean, otherwise: string): void {
    if (holds) return;
    this.violations.push(otherwise);
    this.#say(`${this.#clock()}  VIOLATED: ${otherwise}`);
  }

  get seconds(): number {
    return Math.round((performance.now() - this.#startedMs) / 100) / 10;
  }

  /** Minutes and seconds since the beginning. */
  #clock(): string {
    const seconds = Math.floor(this.seconds);
    return `[${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}]`;
  }
}
