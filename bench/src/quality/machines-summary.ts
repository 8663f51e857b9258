import { type EventCounts, type EventFigures, eventFigures } from '../scorers/events.ts';
import { addHits, type HitCounts, type HitRates, hitRates, noHits } from './explanation.ts';
import { type QuietFigures, quietOf, sumEvents } from './nab-summary.ts';

/** One measured machine. */
export interface MachineFigures {
  readonly name: string;
  readonly rows: number;
  /** VUS-PR of the engine and of the anchors. */
  readonly vusPr: { readonly engine: number; readonly mahalanobis: number; readonly pca: number };
  readonly vusRoc: number;
  readonly events: EventCounts;
  readonly figures: EventFigures;
  readonly hits: HitCounts;
  /** Outside of labels. */
  readonly quiet: { readonly readings: number; readonly alarms: number };
  readonly trainings: number;
  readonly cpuMsPerReading: number;
}

/** What can be said of any number of machines. */
export interface MachinesSummary {
  readonly mean: MachineFigures['vusPr'];
  readonly events: EventFigures;
  readonly hitRates: HitRates;
  readonly quiet: QuietFigures;
}

export function machinesSummary(machines: readonly MachineFigures[]): MachinesSummary {
  const mean = (of: (one: MachineFigures) => number) =>
    machines.reduce((sum, one) => sum + of(one), 0) / machines.length;
  return {
    mean: {
      engine: mean(({ vusPr }) => vusPr.engine),
      mahalanobis: mean(({ vusPr }) => vusPr.mahalanobis),
      pca: mean(({ vusPr }) => vusPr.pca),
    },
    events: eventFigures(sumEvents(machines.map(({ events }) => events))),
    hitRates: hitRates(machines.map(({ hits }) => hits).reduce(addHits, noHits)),
    quiet: quietOf(machines),
  };
}

/** What is left out to see how much hangs on it: the machine, and where machines come in groups (`machine-1-6`) its group. */
export function partsOfMachine({ name }: Pick<MachineFigures, 'name'>): string[] {
  const group = /^(.+-\d+)-\d+(?:\.|$)/.exec(name)?.[1];
  return group === undefined ? [name] : [name, group];
}
