import { oneOf, randomFrom, shuffled } from '../random.ts';
import type { Fault, SignalKind } from './fault.ts';

/** Longer than a lease lasts (10 s), so that somebody else takes over meanwhile. */
export const frozenMs = 12_500;

const signals: readonly SignalKind[] = ['SIGKILL', 'SIGSTOP', 'SIGTERM'];
const minuteMs = 60_000;

/**
 * Faults without end, the same for the same seed. `signals`: every part gets every signal within three rounds, in each
 * of them each part once. `others`: everything else.
 */
export function faultPlan(
  seed: number,
  on: { detectors: number; partitions: number },
): { signals: Generator<Fault, never>; others: Generator<Fault, never> } {
  return { signals: signalPlan(seed, on), others: otherPlan(seed, on) };
}

function detectorNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `detector-${index}`);
}

function* signalPlan(seed: number, { detectors }: { detectors: number }): Generator<Fault, never> {
  const random = randomFrom(seed);
  const kinds = [detectorNames(detectors), ['gateway', 'event-hubs', 'postgres', 'retrainer']].map((parts) =>
    shuffled(parts, random),
  );
  for (let round = 0; ; round += 1) {
    // Detectors first, for they hold what may be lost; of three of them one gets each signal in every round.
    for (const parts of kinds) {
      const faults = parts.map((part, index): Fault => {
        const signal = signals[(index + round) % signals.length] ?? 'SIGKILL';
        // Detectors die where it hurts: between having results and having them committed.
        return {
          kind: 'signal',
          part,
          signal,
          atCommit: part.startsWith('detector') && signal !== 'SIGTERM',
        };
      });
      yield* shuffled(faults, random);
    }
  }
}

function* otherPlan(
  seed: number,
  { detectors, partitions }: { detectors: number; partitions: number },
): Generator<Fault, never> {
  // Another sequence than that of the signals.
  const random = randomFrom(seed ^ 0x9e3779b9);
  const names = detectorNames(detectors);
  const between = (least: number, most: number) => least + random() * (most - least);
  const errors = (of: 'database' | 'blobs', parts: readonly string[]): Fault => ({
    kind: 'errors',
    ...{ of, parts },
    share: between(0.05, of === 'blobs' ? 0.6 : 0.3),
    forMs: between(2000, 5000),
    seed: Math.floor(random() * 4_294_967_296),
  });
  const clock = (part: string): Fault => ({
    kind: 'clock',
    part,
    wallMs: between(-180, 180) * minuteMs,
    monotonicMs: part.startsWith('detector') ? between(0, 20_000) : 0,
    forMs: between(3000, 8000),
  });
  for (let round = 0; ; round += 1) {
    const versions = (): Fault => ({
      kind: 'versions',
      draws: Array.from({ length: partitions }, () => random()),
    });
    yield* shuffled<Fault>(
      [
        versions(),
        versions(),
        { kind: 'memory', withdraw: false },
        { kind: 'memory', withdraw: round % 2 === 1 },
        errors('database', names),
        errors('database', [oneOf(['gateway', 'retrainer'], random)]),
        errors('blobs', names),
        clock(oneOf(names, random)),
        clock('gateway'),
        { kind: 'rebalance', forMs: between(6000, 12_000) },
      ],
      random,
    );
  }
}
