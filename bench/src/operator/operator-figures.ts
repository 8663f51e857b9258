import type { BenchOptions } from './options.ts';

/** How long it took from nothing, or from a new process, until everything was as wanted. Seconds. */
export interface SyncFigures {
  /** From the start of the process until all caches are filled. */
  readonly caches: number;
  /** … until every pool and model has been looked at once, and none is in line. */
  readonly looked: number;
}

/** Minutes in which nothing, or much, happened. */
export interface PhaseFigures {
  readonly minutes: number;
  /** Of the operator, Leases apart: by verb and resource. */
  readonly writes: Readonly<Record<string, number>>;
  readonly reconciles: number;
  readonly failures: number;
  /** Share of one core. */
  readonly cpu: number;
  /** MiB; the largest that was seen. */
  readonly memory: number;
  /** Keys that waited in line at most 10 ms, and looks of at most 100 ms: shares of all. */
  readonly inLineWithin10Ms: number;
  readonly lookedWithin100Ms: number;
}

export interface OperatorFigures {
  readonly options: BenchOptions;
  readonly programs: { readonly node: string; readonly cpu: string; readonly cores: number };
  /** Seconds until an operator that finds only custom resources has everything made, running and told. */
  readonly fromNothing: number;
  readonly pods: number;
  readonly cold: SyncFigures;
  /** Writes of a new operator that finds everything as it left it. */
  readonly coldWrites: Readonly<Record<string, number>>;
  readonly stopMs: number;
  /** How often an operator lost its lead, ended, and was started anew. */
  readonly restarts: number;
  readonly idle: PhaseFigures;
  readonly traffic: PhaseFigures;
  /** From a pool's change to its Deployment's, ms. */
  readonly reactions: {
    readonly count: number;
    readonly missed: number;
    readonly p50: number;
    readonly p99: number;
  };
}

export function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
