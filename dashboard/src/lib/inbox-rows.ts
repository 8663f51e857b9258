import type { Anomaly } from '@verdict/contracts';
import { formatDay } from './time-text.ts';

/** Starts within this of the newest of them belong together. */
const togetherMs = 60_000;
/** So many series must start together to be worth a heading. */
const togetherSeries = 3;

/** A row of the inbox: the heading of a day, the heading of anomalies that started together, or an anomaly. */
export type InboxRow =
  | { readonly kind: 'day'; readonly key: string; readonly title: string }
  | { readonly kind: 'together'; readonly key: string; readonly series: number; readonly anomalies: number }
  | { readonly kind: 'anomaly'; readonly key: string; readonly anomaly: Anomaly; readonly grouped: boolean };

function runsOf(anomalies: readonly Anomaly[]): Anomaly[][] {
  const runs: Anomaly[][] = [];
  let newestMs = Number.NaN;
  for (const anomaly of anomalies) {
    const startMs = Date.parse(anomaly.start);
    const run = runs.at(-1);
    if (run !== undefined && newestMs - startMs <= togetherMs) run.push(anomaly);
    else {
      runs.push([anomaly]);
      newestMs = startMs;
    }
  }
  return runs;
}

/** Lays out anomalies (newest first) under days, and under a heading where several series went odd within a minute. */
export function inboxRows(anomalies: readonly Anomaly[], nowMs: number, zone?: string): InboxRow[] {
  const rows: InboxRow[] = [];
  let day = '';
  for (const run of runsOf(anomalies)) {
    const first = run[0];
    if (first === undefined) continue;
    const title = formatDay(Date.parse(first.start), nowMs, zone);
    if (title !== day) {
      day = title;
      rows.push({ kind: 'day', key: `day ${title}`, title });
    }
    const series = new Set(run.map((item) => item.series)).size;
    const grouped = series >= togetherSeries;
    if (grouped) {
      const oldest = run.at(-1) ?? first;
      rows.push({ kind: 'together', key: `together ${oldest.id}`, series, anomalies: run.length });
    }
    for (const anomaly of run) rows.push({ kind: 'anomaly', key: anomaly.id, anomaly, grouped });
  }
  return rows;
}
