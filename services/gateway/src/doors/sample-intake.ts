import { type DoorRules, readingLimits } from '@verdict/contracts';
import { type Caller, type Clock, HttpProblem } from '@verdict/process';
import { assertInScope } from '../auth/series-scope.ts';
import type { ReadingIntake } from '../readings/reading-intake.ts';
import type { CounterMemory } from './counter-memory.ts';
import type { DoorMetrics, DoorName } from './door-metrics.ts';
import { gatherReadings } from './gather-readings.ts';
import type { LeftOutLedger } from './left-out-ledger.ts';
import { nameSamples } from './naming/name-samples.ts';
import type { Sample } from './sample.ts';
import { ScrapeParts } from './scrape-parts.ts';

/** What became of the samples of a request; the rest is in the hub. */
export interface TakenSamples {
  readonly taken: number;
  readonly ledger: LeftOutLedger;
}

/** Where the samples of every foreign protocol become readings. */
export interface SampleIntake {
  /**
   * Resolves when the hub has the readings. Problems: 403 when the caller's key is not for one of the series, and then
   * nothing is taken; 413 for too many readings; throws `StreamUnavailable` when the
   * hub may have only some: repeating the request is harmless then.
   */
  take(door: DoorName, samples: readonly Sample[], caller: Caller): Promise<TakenSamples>;
}

/** Makes the intake for a set of rules. */
export function sampleIntake(parts: {
  readonly rules: DoorRules;
  readonly intake: ReadingIntake;
  readonly memory: CounterMemory;
  readonly metrics: DoorMetrics;
  readonly clock: Clock;
  readonly retentionMs: number;
}): SampleIntake {
  const { rules, intake, memory, metrics, clock, retentionMs } = parts;
  const nameOf = nameSamples(rules);
  const scrapes = new ScrapeParts();
  return {
    async take(door, samples, caller) {
      const counters = memory.begin();
      const bounds = { nowMs: clock.nowMs(), retentionMs };
      const { readings, taken, ledger } = gatherReadings(samples, { nameOf, counters, bounds });
      if (readings.length > readingLimits.readingsPerRequest)
        throw new HttpProblem(413, {
          detail: `At most ${readingLimits.readingsPerRequest} readings are taken in one request; send fewer samples at once.`,
        });
      assertInScope(
        caller,
        readings.map(({ series }) => series),
      );
      await intake.take(readings.flatMap((reading) => scrapes.place(reading)));
      counters.commit();
      metrics.samples(door, 'taken', taken);
      for (const [reason, count] of ledger.leftOut) metrics.samples(door, reason, count);
      for (const refusal of ledger.refused) {
        metrics.samples(door, refusal.reason, refusal.count);
        intake.refuse(refusal);
      }
      return { taken, ledger };
    },
  };
}
