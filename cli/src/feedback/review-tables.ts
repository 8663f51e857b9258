import type { AuditEntry, Flood } from '@verdict/contracts';
import { fittingTable, shownTime } from '../table.ts';

/** Floods of answers as a table; times in UTC. */
export function floodsTable(floods: readonly Flood[]): string {
  if (floods.length === 0) return 'No answers came much faster than usual.';
  return fittingTable(
    ['ID', 'STATE', 'PERSON', 'FROM', 'MOST/MIN', 'USUAL', 'ANSWERS', 'REVIEWED BY'],
    floods.map(({ id, state, person, from, perMinute, usual, answers, reviewedBy }) => [
      id,
      state,
      person,
      shownTime(from),
      String(perMinute),
      usual === null ? '-' : String(usual),
      String(answers.true + answers.false + answers.withdrawn + answers.missed),
      reviewedBy ?? '-',
    ]),
  );
}

/** The audit trail as a table; times in UTC. */
export function auditTable(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return 'Nothing is in the trail.';
  return fittingTable(
    ['TIME', 'PERSON', 'WHAT', 'WAS', 'COUNTS', 'SUBJECT', 'SERIES', 'TEXT'],
    entries.map(({ at, person, action, verdict, before, uncounted, subject, series, text }) => [
      shownTime(at),
      person,
      verdict ?? action,
      before ?? '-',
      uncounted ?? 'yes',
      subject,
      series ?? '-',
      text ?? '',
    ]),
  );
}
