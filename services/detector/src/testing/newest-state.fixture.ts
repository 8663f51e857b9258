import { atOnce, builtInModel, Engine } from '@verdict/detection';
import { systemClock } from '@verdict/process';
import type { ModelsAtHand } from '../claim/partition-run.ts';
import { chainsOf, readChain, snapshotsOf } from '../claim/read-chain.ts';
import { Turns } from '../claim/turns.ts';
import { type Chunk, SeriesTails } from '../state/series-tails.ts';
import { type Chain, type ChainedState, joinChain } from '../state/snapshot-chain.ts';
import type { Snapshot } from '../state/snapshot-codec.ts';
import type { MemoryBlobs } from './memory-blobs.fixture.ts';
import type { ScriptedPartitionStore } from './scripted-partition-store.fixture.ts';

/** A partition's state, with whole tails and what the engines' own snapshots of it would be. */
export interface WholeState
  extends Pick<ChainedState, 'sequence' | 'model' | 'series'>,
    Pick<Snapshot, 'engine' | 'shadow'> {
  readonly tails: readonly Chunk[];
}

/** What the newest snapshot stands for, whole: equal states are equal bytes, however they came into snapshots. */
export async function newestState(
  { snapshots }: ScriptedPartitionStore,
  blobs: MemoryBlobs,
  models: Pick<ModelsAtHand, 'load'>,
): Promise<WholeState | null> {
  const read = await readChain(
    { blobs, clock: systemClock, turns: new Turns() },
    chainsOf(snapshots)[0] ?? [],
    (_, error) => {
      throw error;
    },
  );
  if (read === null) return null;
  const state = atOnce(joinChain(snapshotsOf(read)));
  const { builtIn } = state.model;
  const canonical = async (version: number, [bytes, ...changes]: Chain<Uint8Array>) => {
    const model = version === 0 ? builtInModel(builtIn) : await models.load(version);
    return (await Engine.restore(bytes, { model }, changes)).snapshot();
  };
  const { shadow } = state;
  const tails = atOnce(SeriesTails.from(state.tails));
  return {
    ...state,
    tails: [...state.tails.keys()].flatMap((series) => {
      const tail = tails.whole(series);
      return tail === null ? [] : [{ series, rows: tail.rows }];
    }),
    engine: await canonical(state.model.version, state.engine),
    shadow: shadow && { version: shadow.version, engine: await canonical(shadow.version, shadow.engine) },
  };
}
