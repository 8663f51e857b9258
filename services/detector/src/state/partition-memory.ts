import type { DetectionEngine, EngineResult, FalseAlarmMemory, Sliced } from '@verdict/detection';
import { noOverlay, type Overlay } from '../model/overlay-shelf.ts';
import { SeriesLedger } from './series-ledger.ts';
import { SeriesTails } from './series-tails.ts';
import type { ChainedState } from './snapshot-chain.ts';
import type { BuiltInSettings, TakenSnapshot } from './snapshot-codec.ts';

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

/**
 * Everything, as it is after the event `sequence`, to be written at once. No chunk may be pending without being in the
 * same commit. Whoever wants changes to follow it calls `keepState` when it is written, before anything else happens.
 */
export function* takeSnapshot(
  { engine, builtIn, ledger, tails }: PartitionMemory,
  sequence: number,
  shadow: TakenSnapshot['shadow'],
): Sliced<TakenSnapshot> {
  const state = yield* engine.snapshotSteps();
  yield 'long step';
  return {
    sequence,
    after: null,
    model: { version: engine.version, builtIn },
    gone: [],
    series: ledger.entries(),
    tailOf: (series) => tails.whole(series),
    engine: state,
    shadow,
  };
}

/** From now on `takeChanges` tells what is otherwise than now. */
export function* keepState({ engine, shadow, tails, ledger }: PartitionMemory): Sliced<void> {
  yield* engine.markSteps();
  if (shadow !== null) yield* shadow.markSteps();
  tails.keep();
  ledger.keep();
}

/**
 * What has changed since the state was kept or changes were taken last, as it is after the event `sequence`, to be
 * written at once. Null when too much has changed: take a whole snapshot.
 */
export function* takeChanges(
  memory: PartitionMemory,
  sequence: number,
  after: string,
): Sliced<TakenSnapshot | null> {
  const { tails, ledger, shadow } = memory;
  const engine = yield* memory.engine.changesSteps();
  const beside = shadow === null ? null : yield* shadow.changesSteps();
  if (engine === null || (shadow !== null && beside === null)) return null;
  const { gone, read } = ledger.sinceSnapshot();
  ledger.keep();
  return {
    sequence,
    after,
    model: { version: memory.engine.version, builtIn: memory.builtIn },
    gone,
    series: read,
    tailOf: (series) => tails.takeFresh(series),
    engine,
    shadow: shadow === null || beside === null ? null : { version: shadow.version, engine: beside },
  };
}

/** The memory that a state was taken of, with an engine restored from its bytes; its shadow is for the caller. */
export function* memoryFrom(
  pool: string,
  state: ChainedState,
  engine: DetectionEngine,
): Sliced<PartitionMemory> {
  return {
    ...nothingBeside,
    engine,
    tails: yield* SeriesTails.from(state.tails),
    ledger: yield* SeriesLedger.from(pool, state.series),
    builtIn: state.model.builtIn,
  };
}
