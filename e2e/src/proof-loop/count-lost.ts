import { until } from '../platform/until.ts';
import type { Arm } from './arm.ts';
import { type Scenario, stepMs } from './scenario.ts';

/** Readings of [learn, toStep) that an arm's history does not hold once and in order, or its partitions do not count. */
export async function countLost(arm: Arm, scenario: Scenario, toStep: number): Promise<number> {
  const { client } = arm;
  const { learn } = scenario.borders;
  const sent = scenario.series.length * (toStep - learn);
  const committed = async (): Promise<number> =>
    ((await client.pools())[0]?.partitions ?? []).reduce((sum, { readings }) => sum + readings, 0);
  await until(
    60_000,
    async () => ((await committed()) >= sent ? true : null),
    () => '',
  ).catch(() => undefined);
  let lost = Math.abs(sent - (await committed()));
  for (const series of scenario.series) {
    const iso = (step: number) => new Date(step * stepMs).toISOString();
    const history = await client.history(series, { from: iso(learn), to: iso(toStep - 1), points: 0 });
    const right = history.times.filter((time, row) => time === (learn + row) * stepMs).length;
    lost += toStep - learn - right;
  }
  return lost;
}
