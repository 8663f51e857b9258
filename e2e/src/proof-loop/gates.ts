import type { Figures } from './figures.ts';
import type { ArmResult, SeedResult } from './run-seed.ts';
import { stepMs } from './scenario.ts';
import type { ArmName } from './size.ts';

/** What must hold. */
const mostOfFlood = 1 / 4;
const mostOfControl = 1 / 2;
const leastRecall = 0.8;
const mostRecallLost = 0.05;
const mostRecallLostToLiar = 0.1;

/** What does not hold, in words; empty when the proof holds. */
export function violationsOf(result: SeedResult): string[] {
  const loop = armOf(result, 'loop');
  const control = armOf(result, 'control');
  if (!loop || !control) return ['an arm is missing'];
  return [
    ...learning(result, loop, control),
    ...falseAlarms(result, loop, control),
    ...recall(result, loop),
    ...poisons(result),
    ...result.arms.filter(({ lost }) => lost !== 0).map(({ name, lost }) => `${name}: ${lost} readings lost`),
  ];
}

function armOf({ arms }: SeedResult, name: ArmName): ArmResult | undefined {
  return arms.find((arm) => arm.name === name);
}

function learning({ trigger, partitionsPlanned }: SeedResult, loop: ArmResult, control: ArmResult): string[] {
  const violations: string[] = [];
  if (!trigger.startsWith('confidence-'))
    violations.push(`the retraining was started by ${trigger}, not by bad confidence`);
  if (!loop.timeline.some((line) => /confidence in version 1 is bad/.test(line)))
    violations.push('confidence in version 1 was never seen to be bad');
  if (new Set(partitionsPlanned).size < 2)
    violations.push(`not rolled out partition by partition: ${partitionsPlanned.join(', ')}`);
  const trained = control.triggers.filter((id) => !id.startsWith('history-'));
  if (trained.length > 0) violations.push(`the control was trained: ${trained.join(', ')}`);
  return violations;
}

function falseAlarms({ size }: SeedResult, loop: ArmResult, control: ArmResult): string[] {
  const [flood, after, beside] = [loop.flood, loop.after, control.after].map((one) => one.falseAlarmsPerHour);
  if (flood === undefined || after === undefined || beside === undefined) return ['nothing was counted'];
  const violations: string[] = [];
  if (flood === 0) violations.push('there was no flood of false alarms');
  const chance = (bound: number) => size.standardErrors * errorOfRate(bound, loop.after);
  if (after > mostOfFlood * flood + chance(mostOfFlood * flood))
    violations.push(`${rate(after)} false alarms per hour afterwards, more than a quarter of ${rate(flood)}`);
  if (after > mostOfControl * beside + chance(mostOfControl * beside))
    violations.push(
      `${rate(after)} false alarms per hour afterwards, more than half of the control's ${rate(beside)}`,
    );
  return violations;
}

function recall(result: SeedResult, loop: ArmResult): string[] {
  const violations: string[] = [];
  const [before, after] = [loop.flood.recall, loop.after.recall];
  if (before === null || after === null) return ['nothing was injected'];
  if (after < leastRecall)
    violations.push(`recall ${after.toFixed(3)} afterwards, at least ${leastRecall} is needed`);
  const chance = result.size.standardErrors * errorOfDifference(loop.flood, loop.after);
  if (after < before - mostRecallLost - chance)
    violations.push(`recall ${after.toFixed(3)} afterwards, ${before.toFixed(3)} in the flood before it`);
  const liar = armOf(result, 'liar')?.after.recall;
  if (liar !== undefined && (liar ?? 0) < after - mostRecallLostToLiar)
    violations.push(`recall ${liar?.toFixed(3)} with a liar, ${after.toFixed(3)} without`);
  return violations;
}

function poisons({ poisons: outcomes, size }: SeedResult): string[] {
  const withinMs = size.intervalSeconds * 1000;
  return outcomes.flatMap(({ name, takenBackAfterMs, notReturned }) => [
    ...(takenBackAfterMs === null ? [`the candidate that ${name} was not taken back`] : []),
    ...(takenBackAfterMs !== null && takenBackAfterMs > withinMs
      ? [
          `the candidate that ${name} was taken back after ${takenBackAfterMs} ms, one analysis is ${withinMs} ms`,
        ]
      : []),
    ...(notReturned > 0 ? [`${notReturned} partitions did not return from the candidate that ${name}`] : []),
  ]);
}

/** Standard error of a rate per hour that is `bound` in truth, counted over a phase (Poisson). */
function errorOfRate(bound: number, { fromStep, toStep }: Figures): number {
  const hours = ((toStep - fromStep) * stepMs) / 3_600_000;
  return hours > 0 ? Math.sqrt(bound / hours) : 0;
}

/** Standard error of the difference of two shares that are the same in truth. */
function errorOfDifference(one: Figures, other: Figures): number {
  const share = (one.found + other.found) / (one.injected + other.injected);
  return Math.sqrt(share * (1 - share) * (1 / one.injected + 1 / other.injected));
}

function rate(value: number): string {
  return value.toFixed(1);
}
