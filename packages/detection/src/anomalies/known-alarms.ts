import {
  type FalseAlarmMemory,
  isExplainedBy,
  likeTaught,
  type SignalEvidence,
  type TaughtPattern,
} from './alarm-pattern.ts';

/** What is known for a false alarm: by people's verdicts (memory), or because the version was taught it. */
export class KnownAlarms {
  readonly #memory: FalseAlarmMemory;
  readonly #everywhere: readonly SignalEvidence[];
  readonly #taught = new Map<string, SignalEvidence[]>();

  constructor(memory: FalseAlarmMemory, taught: readonly TaughtPattern[]) {
    this.#memory = memory;
    this.#everywhere = taught.filter(({ series }) => series === null).map(({ pattern }) => pattern);
    for (const { series, pattern } of taught) {
      if (series === null) continue;
      const own = this.#taught.get(series);
      if (own === undefined) this.#taught.set(series, [pattern]);
      else own.push(pattern);
    }
  }

  /** Whether anything at all is known that could concern the series. */
  concerns(series: string): boolean {
    return this.#everywhere.length > 0 || this.#memory.has(series) || this.#taught.has(series);
  }

  /** @param time event time of the reading, epoch ms: memory ends */
  explain(series: string, time: number, reading: SignalEvidence): boolean {
    const isTaught = (pattern: SignalEvidence) => isExplainedBy(reading, pattern, likeTaught);
    const remembered = this.#memory.get(series) ?? [];
    return (
      remembered.some(({ pattern, untilMs }) => time <= untilMs && isExplainedBy(reading, pattern)) ||
      (this.#taught.get(series)?.some(isTaught) ?? false) ||
      this.#everywhere.some(isTaught)
    );
  }
}
