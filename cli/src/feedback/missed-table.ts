import type { MissedReport } from '@verdict/contracts';
import { fittingTable, shownDuration, shownTime } from '../table.ts';

/** Reports of missed anomalies, one line each. */
export function missedTable(items: readonly MissedReport[]): string {
  if (items.length === 0) return 'No missed anomalies were reported.';
  return fittingTable(
    ['ID', 'SERIES', 'FROM (UTC)', 'LASTED', 'PERSON', 'REASON'],
    items.map((item) => [
      item.id,
      item.series,
      shownTime(item.from),
      shownDuration(Date.parse(item.to) - Date.parse(item.from)),
      item.person,
      item.reason ?? '-',
    ]),
  );
}
