import type { CoverageState } from '@verdict/contracts';
import type { InboxFilters } from './inbox-filters.ts';
import { severities } from './severity.ts';
import { isRangePreset, type RangePreset } from './time-range.ts';

/** A query string as plain text values: what people read in a link and can type. The first of repeated names counts. */
export function parseQuery(text: string): Record<string, string> {
  // A map, since a name such as `constructor` is already on every object.
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) if (!values.has(name)) values.set(name, value);
  return Object.fromEntries(values);
}

/** Writes values as a query string with its `?`, leaving out what is undefined or empty; `/` and `:` stay readable. */
export function formatQuery(values: Record<string, unknown>): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null || value === '') continue;
    const text = encodeURIComponent(String(value)).replaceAll('%2F', '/').replaceAll('%3A', ':');
    parts.push(`${encodeURIComponent(name)}=${text}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

type Raw = Record<string, unknown>;

function text(value: unknown, most = 200): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, most) : undefined;
}

function oneOf<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === value);
}

function instant(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** What the inbox's URL holds: the view, the filters, the chosen anomaly, and the signal shown of it. */
export interface InboxSearch extends InboxFilters {
  /** The few anomalies whose answer would tell most, instead of all. */
  readonly view?: 'worth';
  readonly anomaly?: string;
  readonly signal?: string;
}

/** Reads the inbox's URL; what is malformed is left out, never an error. */
export function readInboxSearch(raw: Raw): InboxSearch {
  const anomaly = text(raw.anomaly);
  return {
    view: oneOf(raw.view, ['worth']),
    model: text(raw.model),
    series: text(raw.series),
    state: oneOf(raw.state, ['open', 'closed']),
    verdict: oneOf(raw.verdict, ['none', 'any', 'true', 'false']),
    severity: oneOf(raw.severity, severities),
    q: text(raw.q),
    anomaly: anomaly !== undefined && /^[0-9a-f]{24}$/.test(anomaly) ? anomaly : undefined,
    signal: text(raw.signal),
  };
}

/** What the series screen's URL holds: the list's search, and the range as a preset or as two instants. */
export interface SeriesSearch {
  readonly q?: string;
  readonly range?: RangePreset;
  readonly from?: string;
  readonly to?: string;
}

/** Reads the series screen's URL; two instants in order win over a preset. */
export function readSeriesSearch(raw: Raw): SeriesSearch {
  const q = text(raw.q);
  const from = instant(raw.from);
  const to = instant(raw.to);
  if (from !== undefined && to !== undefined && Date.parse(from) < Date.parse(to)) return { q, from, to };
  return { q, range: isRangePreset(raw.range) ? raw.range : undefined };
}

/** What the coverage screen's URL holds. */
export interface CoverageSearch {
  readonly state?: CoverageState;
  readonly q?: string;
}

/** Reads the coverage screen's URL. */
export function readCoverageSearch(raw: Raw): CoverageSearch {
  return {
    state: oneOf(raw.state, ['scored', 'warming', 'stale', 'unassigned', 'refused'] as const),
    q: text(raw.q),
  };
}

/** Where to go after signing in: a page of this dashboard, never another site. */
export function safeReturnPath(path: unknown): string {
  return typeof path === 'string' && /^\/ui\/[^\\]*$/.test(path) && !path.startsWith('/ui/sign-in')
    ? path
    : '/ui/inbox';
}
