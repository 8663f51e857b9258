import { inSlices, type Sliced } from '@verdict/detection';
import type { DetectorParts } from './partition-run.ts';

/** Does long work on a partition's state when it is its turn, in slices between which the process hears what waits. */
export function atTurn<T>(
  { turns, clock }: Pick<DetectorParts, 'turns' | 'clock'>,
  work: () => Sliced<T>,
): Promise<T> {
  return turns.during(() => inSlices(work(), clock));
}
