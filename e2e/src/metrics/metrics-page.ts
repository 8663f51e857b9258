import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const pageFile = fileURLToPath(new URL('../../../docs/metrics.md', import.meta.url));

/** One row of docs/metrics.md. */
export interface DocumentedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** Headings of the page's tables; the first one is of what all processes have in common. */
export const sections = ['Every process', 'Gateway', 'Detector', 'Retrainer', 'Operator'] as const;
export type Section = (typeof sections)[number];

const head = '| metric | type | unit | labels | |\n| --- | --- | --- | --- | --- |\n';

/** The tables of the page, by heading. */
export function documentedMetrics(page = readFileSync(pageFile, 'utf8')): Map<Section, DocumentedMetric[]> {
  return new Map(sections.map((section) => [section, tableOf(page, section).split('\n').flatMap(metricOf)]));
}

/** The page with one of its tables put in place of the one that is there. */
export function withTable(page: string, section: Section, metrics: readonly DocumentedMetric[]): string {
  return page.replace(tableOf(page, section), () => metrics.map(rowOf).join('\n'));
}

function tableOf(page: string, section: Section): string {
  const begin = page.indexOf(head, page.indexOf(`\n## ${section}\n`)) + head.length;
  const end = page.indexOf('\n\n', begin);
  return page.slice(begin, end < 0 ? page.trimEnd().length : end);
}

function rowOf({ name, type, labels, help }: DocumentedMetric): string {
  const shown = labels.map((label) => `\`${label}\``).join(' ');
  const said = help.replace(/\.$/, '').replaceAll('|', '\\|');
  return `| \`${name}\` | ${type} | ${unitOf(name, type)} | ${shown} | ${said} |`;
}

function metricOf(row: string): DocumentedMetric[] {
  const [name, type, , labels, help] = row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim());
  if (!name || !type) return [];
  return [
    {
      name: name.replaceAll('`', ''),
      type,
      labels: (labels ?? '')
        .split(' ')
        .filter(Boolean)
        .map((label) => label.replaceAll('`', '')),
      help: (help ?? '').replaceAll('\\|', '|'),
    },
  ];
}

/** What a value counts: by Prometheus' rule the name says it; else it is a bare number. */
export function unitOf(name: string, type: string): string {
  const stem = name.replace(/_total$/, '');
  const known = /(?:^|_)(seconds|bytes|events|readings|connections|partitions|percent|ratio)$/.exec(
    stem,
  )?.[1];
  if (known) return known;
  if (/_(status|confidence|sign_active|phase|stalled|rolling_out)$/.test(stem)) return '0 or 1';
  if (/_(precision|recall|label_coverage|confidence_share)$/.test(stem)) return 'share';
  if (/_version$|_overlay$/.test(stem)) return 'number';
  return type === 'gauge' || type === 'counter' ? 'count' : 'number';
}
