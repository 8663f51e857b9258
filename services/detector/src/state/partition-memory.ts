import type { DetectionEngine, EngineResult, FalseAlarmMemory } from '@verdict/detection';
import { noOverlay, type Overlay } from '../model/overlay-shelf.ts';
import { SeriesLedger } from './series-ledger.ts';
import { SeriesTails } from './series-tails.ts';
import type { BuiltInSettings, Snapshot } from './snapshot-codec.ts';

/** State of one partition: what the engine knows, what is not in history yet, what is told of every series. */
export interface PartitionMemory {
  /** The version in force: its alarms count. */
  engine: DetectionEngine;
  /** Scored beside it over the same readings, for comparison alone; null = none. */
  shadow: DetectionEngine | null;
  readonly tails: SeriesTails;
  readonly ledger: SeriesLedger;
  /** What version 0 looks at since the last swap (or start). */
  builtIn: BuiltInSettings;
  /** The false-alarm memory that the engines have, and its number. */
  falseAlarms: FalseAlarmMemory;
  overlay: number;
}

const nothingBeside = { shadow: null, falseAlarms: noOverlay.memory, overlay: noOverlay.number };

/** Nothing seen yet. */
export function emptyMemory(
  pool: string,
  engine: DetectionEngine,
  builtIn: BuiltInSettings,
): PartitionMemory {
  return {
    engine,
    tails: new SeriesTails(),
    ledger: new SeriesLedger(pool),
    builtIn,
    ...nothingBeside,
  };
}

/** Gives the engines another false-alarm memory, from the next reading on. */
export function applyOverlay(memory: PartitionMemory, overlay: Overlay): void {
  memory.engine.setMemory(overlay.memory);
  memory.shadow?.setMemory(overlay.memory);
  memory.falseAlarms = overlay.memory;
  memory.overlay = overlay.number;
}

/** Takes in what the engine found; what is full waits in `tails.pending()` for a commit. */
export function absorb(memory: PartitionMemory, result: EngineResult): void {
  for (const block of result.scored) memory.tails.append(block);
  memory.ledger.absorb(result);
}

/** Everything, as it is after the event `sequence`. No chunk may be pending without being in the same commit. */
export function takeSnapshot(
  memory: PartitionMemory,
  sequence: number,
  shadow: Snapshot['shadow'],
): Snapshot {
  return {
    sequence,
    model: { version: memory.engine.version, builtIn: memory.builtIn },
    series: [...memory.ledger.entries()],
    tails: [...memory.tails.entries()],
    engine: memory.engine.snapshot(),
    shadow,
  };
}

/** The memory that a snapshot was taken of, with an engine restored from its bytes; its shadow is for the caller. */
export function memoryFrom(pool: string, snapshot: Snapshot, engine: DetectionEngine): PartitionMemory {
  return {
    ...nothingBeside,
    engine,
    tails: SeriesTails.from(snapshot.tails),
    ledger: SeriesLedger.from(pool, snapshot.series),
    builtIn: snapshot.model.builtIn,
  };
}
