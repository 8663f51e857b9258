import type { Figures } from './figures.ts';
import { violationsOf } from './gates.ts';
import type { ArmResult, SeedResult } from './run-seed.ts';

const labelWidth = 46;
const columnWidth = 12;

/** The figures as people read them. */
export function reportLines(result: SeedResult): string[] {
  const { seed, arms, poisons } = result;
  const row = (label: string, of: (arm: ArmResult) => string) =>
    label.padEnd(labelWidth) + arms.map((arm) => of(arm).padStart(columnWidth)).join('');
  const steps = ({ fromStep, toStep }: Figures) => String(toStep - fromStep);
  const rate = ({ falseAlarmsPerHour }: Figures) => falseAlarmsPerHour.toFixed(1);
  const recall = ({ recall: share, found, injected }: Figures) =>
    share === null ? '–' : `${share.toFixed(3)} (${found}/${injected})`.padStart(columnWidth + 3);
  const wide = (label: string, of: (arm: ArmResult) => Figures) =>
    label.padEnd(labelWidth - 3) + arms.map((arm) => recall(of(arm)).padStart(columnWidth + 4)).join('');
  const violations = violationsOf(result);
  return [
    row(`seed ${seed}`, ({ name }) => name),
    row('steps before the change, with version 1', ({ normal }) => steps(normal)),
    row('steps of the flood', ({ flood }) => steps(flood)),
    row('steps afterwards', ({ after }) => steps(after)),
    row('false alarms per hour before the change', ({ normal }) => rate(normal)),
    row('false alarms per hour in the flood', ({ flood }) => rate(flood)),
    row('false alarms per hour afterwards', ({ after }) => rate(after)),
    row('false alarms afterwards, about jobs', ({ after }) => `${after.falseAlarms}, ${after.aboutJobs}`),
    wide('recall before the change', ({ normal }) => normal),
    wide('recall in the flood', ({ flood }) => flood),
    wide('recall afterwards', ({ after }) => after),
    row('own swap, steps after the change', ({ swappedAfter }) => String(swappedAfter ?? 'never')),
    row('anomalies judged', ({ judged }) => String(judged)),
    row('answers', ({ answers }) => String(answers)),
    row('readings lost', ({ lost }) => String(lost)),
    `retraining ${result.trigger}, ${result.taughtPatterns} taught patterns; partitions planned: ${result.partitionsPlanned.join(', ')}`,
    ...poisons.map(
      ({ name, takenBackAfterMs, partitions, readings, anomalies, alarms, errors, reason }) =>
        `poisoned: ${name}: ${takenBackAfterMs === null ? 'not taken back' : `taken back after ${(takenBackAfterMs / 1000).toFixed(1)} s`} from ${partitions} partitions; ${readings} readings, ${anomalies} anomalies, ${alarms} alarms, ${errors} errors: ${reason}`,
    ),
    violations.length === 0 ? 'HOLDS' : `VIOLATED: ${violations.join('; ')}`,
  ];
}
