import type { Anomaly } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import { finds, type Scenario, stepMs, stepOf } from './scenario.ts';

/** Steps of one phase, up to, not including, the last. */
export interface Stretch {
  readonly fromStep: number;
  readonly toStep: number;
}

/** What an arm showed in a phase. */
export interface Figures extends Stretch {
  readonly anomalies: number;
  readonly falseAlarms: number;
  /** How many of them are about jobs. */
  readonly aboutJobs: number;
  /** Per hour of event time, over all series. */
  readonly falseAlarmsPerHour: number;
  readonly injected: number;
  readonly found: number;
  /** Null where nothing was injected. */
  readonly recall: number | null;
}

/** Every anomaly since a step, in its newest revision. */
export async function readAnomalies(client: PlatformClient, fromStep: number): Promise<Anomaly[]> {
  const found = new Map<string, Anomaly>();
  const from = new Date(fromStep * stepMs).toISOString();
  let next: string | undefined;
  do {
    const page = await client.anomalies({ from, next, limit: 500 });
    for (const anomaly of page.items) found.set(anomaly.id, anomaly);
    next = page.next ?? undefined;
  } while (next !== undefined);
  return [...found.values()];
}

/** Counts anomalies and injections by the phase in which they begin. */
export function figuresOf(scenario: Scenario, anomalies: readonly Anomaly[], phase: Stretch): Figures {
  const { fromStep, toStep } = phase;
  const begun = anomalies.filter(({ start }) => stepOf(start) >= fromStep && stepOf(start) < toStep);
  const wrong = begun.filter((anomaly) => !scenario.isReal(anomaly));
  const falseAlarms = wrong.length;
  const aboutJobs = wrong.filter((anomaly) => scenario.isJob(anomaly)).length;
  const bySeries = Map.groupBy(anomalies, ({ series }) => series);
  const injected = scenario.injected(fromStep, toStep);
  const found = injected.filter((one) => bySeries.get(one.series)?.some((anomaly) => finds(anomaly, one)));
  const hours = ((toStep - fromStep) * stepMs) / 3_600_000;
  return {
    fromStep,
    toStep,
    anomalies: begun.length,
    falseAlarms,
    aboutJobs,
    falseAlarmsPerHour: hours > 0 ? falseAlarms / hours : 0,
    injected: injected.length,
    found: found.length,
    recall: injected.length > 0 ? found.length / injected.length : null,
  };
}
