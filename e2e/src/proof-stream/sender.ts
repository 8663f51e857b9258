import { type PlatformClient, PlatformRefused, PlatformUnavailable } from '@verdict/platform-client';
import type { Scenario } from './scenario.ts';

/** Longest time that one step may go unacknowledged while everything is being killed, unless somebody says otherwise. */
const patienceMs = 120_000;

/**
 * Sends the steps [from, to) in order, at most one per `paceMs`. A step that is not acknowledged is sent again
 * until it is, so order per series holds and a reading may arrive twice.
 */
export async function sendSteps(parts: {
  client: PlatformClient;
  scenario: Scenario;
  from: number;
  to: number;
  paceMs: number;
  /** How long one step may go unacknowledged. */
  patienceMs?: number;
  onStep?: (step: number) => void;
}): Promise<{ acknowledged: number; repeated: number }> {
  const { client, scenario, from, to, paceMs, onStep } = parts;
  let acknowledged = 0;
  let repeated = 0;
  for (let step = from; step < to; step++) {
    const due = performance.now() + paceMs;
    const deadline = performance.now() + (parts.patienceMs ?? patienceMs);
    for (;;) {
      try {
        acknowledged += (await client.sendReadings(scenario.readingsOf(step))).accepted;
        break;
      } catch (error) {
        if (error instanceof PlatformRefused || performance.now() > deadline) throw error;
        if (!(error instanceof PlatformUnavailable)) throw error;
        repeated++;
        await pause(200);
      }
    }
    onStep?.(step);
    await pause(due - performance.now());
  }
  return { acknowledged, repeated };
}

export function pause(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
