import type { DetectionEngine, EngineResult } from '@verdict/detection';
import type { Overlay } from '../model/overlay-shelf.ts';
import { SeriesLedger } from './series-ledger.ts';
import { SeriesTails } from './series-tails.ts';
import type { BuiltInSettings, Snapshot } from './snapshot-codec.ts';

/** State of one partition: what the engine knows, what is not in history yet, what is told of every series. */
export interface PartitionMemory {
  readonly engine: DetectionEngine;
  readonly tails: SeriesTails;
  readonly ledger: SeriesLedger;
  /** What version 0 looks at since the last swap (or start). */
  builtIn: BuiltInSettings;
  /** Number of the false-alarm memory that the engine has. */
  overlay: number;
}

/** Nothing seen yet. */
export function emptyMemory(
  pool: string,
  engine: DetectionEngine,
  builtIn: BuiltInSettings,
): PartitionMemory {
  return { engine, tails: new SeriesTails(), ledger: new SeriesLedger(pool), builtIn, overlay: 0 };
}

/** Gives the engine another false-alarm memory, from the next reading on. */
export function applyOverlay(memory: PartitionMemory, overlay: Overlay): void {
  memory.engine.setMemory(overlay.memory);
  memory.overlay = overlay.number;
}

/** Takes in what the engine found; what is full waits in `tails.pending()` for a commit. */
export function absorb(memory: PartitionMemory, result: EngineResult): void {
  for (const block of result.scored) memory.tails.append(block);
  memory.ledger.absorb(result);
}

/** Everything, as it is after the event `sequence`. No chunk may be pending without being in the same commit. */
export function takeSnapshot(memory: PartitionMemory, sequence: number): Snapshot {
  return {
    sequence,
    model: { version: memory.engine.version, builtIn: memory.builtIn },
    series: [...memory.ledger.entries()],
    tails: [...memory.tails.entries()],
    engine: memory.engine.snapshot(),
  };
}

/** The memory that a snapshot was taken of, with an engine restored from its bytes. */
export function memoryFrom(pool: string, snapshot: Snapshot, engine: DetectionEngine): PartitionMemory {
  return {
    engine,
    tails: SeriesTails.from(snapshot.tails),
    ledger: SeriesLedger.from(pool, snapshot.series),
    builtIn: snapshot.model.builtIn,
    overlay: 0,
  };
}
