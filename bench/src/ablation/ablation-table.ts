import { markdownTable, shown } from '../markdown-table.ts';
import type { SetsReport } from '../quality/quality-report.ts';
import type { AblationRow } from './ablate.ts';

interface Column {
  readonly heading: string;
  readonly digits: number;
  /** `undefined` where the set was not measured. */
  of(report: SetsReport): number | undefined;
}

const columns: readonly Column[] = [
  { heading: 'NAB default', digits: 1, of: ({ nab }) => nab?.profiles.standard.all.default },
  { heading: 'NAB best', digits: 1, of: ({ nab }) => nab?.profiles.standard.all.best },
  { heading: 'events P', digits: 2, of: ({ nab }) => nab?.realEvents.precision },
  { heading: 'events R', digits: 2, of: ({ nab }) => nab?.realEvents.recall },
  { heading: 'SMD VUS-PR', digits: 3, of: ({ smd }) => smd?.mean.engine },
  { heading: 'SMD events F1', digits: 2, of: ({ smd }) => smd?.events.f1 },
  { heading: 'ASD VUS-PR', digits: 3, of: ({ asd }) => asd?.mean.engine },
  { heading: 'ASD events F1', digits: 2, of: ({ asd }) => asd?.events.f1 },
];

/** Rows as Markdown: each figure, and in brackets by how much it is more or less than with all members. */
export function ablationTable(configuration: string, rows: readonly AblationRow[]): string {
  const whole = rows.find(({ without }) => without === null)?.report;
  const measured = columns.filter(({ of }) => whole !== undefined && of(whole) !== undefined);
  const cell = ({ digits, of }: Column, report: SetsReport): string => {
    const value = of(report);
    const all = whole === undefined ? undefined : of(whole);
    if (value === undefined) return '';
    if (report === whole || all === undefined) return shown(value, digits);
    const more = shown(value - all, digits);
    return `${shown(value, digits)} (${value < all ? '' : '+'}${more})`;
  };
  return [
    `Configuration of the engine: \`${configuration}\`. One member left out at a time, in brackets the difference; empty where a member has no say. NAB: standard profile; events at the default threshold, those of NAB on series of folders named \`real…\`.`,
    markdownTable(
      ['without', ...measured.map(({ heading }) => heading)],
      rows.map(({ without, report }) => [
        without ?? '(nothing)',
        ...measured.map((column) => cell(column, report)),
      ]),
    ),
  ].join('\n\n');
}
