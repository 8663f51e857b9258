import { type DetectionEngine, type DetectionModel, inSlices } from '@verdict/detection';
import type { EngineMaker } from '../claim/partition-run.ts';
import type { PartitionMemory } from '../state/partition-memory.ts';
import { OverBudget } from './shadow-budget.ts';

/** How versions change, at a batch border. What was in force and what is to be decide alone, so that a replay does the same. */
interface Change {
  readonly engines: Pick<EngineMaker, 'restore'>;
  /** Most bytes of the state of a shadow. */
  readonly mostBytes: number;
}

/**
 * Puts another version in force. Where it was scored beside the one before, its warm engine takes the place, goes on
 * with the anomalies that people know of, and the other one stays behind as the shadow. Else what belongs to the
 * version is filled by rescoring (see `DetectionEngine.swap`); the engine before is kept as the shadow when
 * `beside` asks for its version. When the version throws, everything is as it was.
 */
export async function changeActive(
  memory: PartitionMemory,
  { model, beside }: { readonly model: DetectionModel; readonly beside: number | null },
  change: Change,
): Promise<void> {
  const { engine, shadow } = memory;
  if (shadow !== null && shadow.version === model.version) {
    shadow.takeAnomalies(engine);
    memory.engine = shadow;
    memory.shadow = engine;
    return;
  }
  const copy = beside === engine.version ? await copyable(engine, change) : null;
  if (copy === null) {
    await engine.swap(model);
    return;
  }
  memory.engine = await restored(memory, copy, model, change);
  memory.shadow = engine;
}

/**
 * The engine of another version to be scored beside the one in force: it begins with the state of that, filled as by a
 * swap. One that is scored beside already goes on. @throws OverBudget for a state that is too large to be kept twice
 */
export async function engineBeside(
  memory: PartitionMemory,
  model: DetectionModel,
  change: Change,
): Promise<DetectionEngine> {
  if (memory.shadow?.version === model.version) return memory.shadow;
  const bytes = await inSlices(memory.engine.snapshotSteps());
  assertSmall(bytes, change.mostBytes);
  return restored(memory, bytes, model, change);
}

/** @throws OverBudget */
export function assertSmall(state: Uint8Array, mostBytes: number): void {
  if (state.length > mostBytes)
    throw new OverBudget(`its state would take ${state.length} bytes, at most ${mostBytes} are allowed`);
}

async function copyable(engine: DetectionEngine, { mostBytes }: Change): Promise<Uint8Array | null> {
  const bytes = await inSlices(engine.snapshotSteps());
  return bytes.length <= mostBytes ? bytes : null;
}

async function restored(
  { falseAlarms }: PartitionMemory,
  bytes: Uint8Array,
  model: DetectionModel,
  { engines }: Change,
): Promise<DetectionEngine> {
  const engine = await engines.restore(bytes, model);
  engine.setMemory(falseAlarms);
  return engine;
}
