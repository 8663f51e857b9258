import type { Anomaly } from '@verdict/contracts';
import { type Severity, severityOf } from './severity.ts';

/** What the inbox is narrowed to. The first four are asked of the server, the rest is chosen from what came. */
export interface InboxFilters {
  readonly model?: string;
  readonly series?: string;
  readonly state?: 'open' | 'closed';
  readonly verdict?: 'none' | 'any' | 'true' | 'false';
  /** Mildest severity to show. */
  readonly severity?: Severity;
  /** Words that series or signals contain. */
  readonly q?: string;
}

/** The part of the filters that `GET /anomalies` understands. */
export type ListFilters = Pick<InboxFilters, 'model' | 'series' | 'state' | 'verdict'>;

/** Keeps only what the server filters by, so that the other filters do not cause a new listing. */
export function listFilters(filters: InboxFilters): ListFilters {
  const { model, series, state, verdict } = filters;
  return { model, series, state, verdict };
}

/** True if the server would list this anomaly; used to place live news into lists already fetched. */
export function matchesListing(anomaly: Anomaly, filters: ListFilters): boolean {
  if (filters.model !== undefined && anomaly.model !== filters.model) return false;
  if (filters.series !== undefined && anomaly.series !== filters.series) return false;
  if (filters.state !== undefined && anomaly.state !== filters.state) return false;
  switch (filters.verdict) {
    case undefined:
      return true;
    case 'none':
      return anomaly.verdicts.length === 0;
    case 'any':
      return anomaly.verdicts.length > 0;
    default:
      return anomaly.verdicts.some((given) => given.verdict === filters.verdict);
  }
}

const rank: Record<Severity, number> = { minor: 0, major: 1, critical: 2 };

/** True if the anomaly passes the filters that are chosen in the page. */
export function matchesView(anomaly: Anomaly, filters: Pick<InboxFilters, 'severity' | 'q'>): boolean {
  if (filters.severity !== undefined && rank[severityOf(anomaly.peak.score)] < rank[filters.severity])
    return false;
  const words = filters.q?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  if (words.length === 0) return true;
  const text = [anomaly.series, anomaly.model, ...anomaly.signals.map((item) => item.signal)]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** True if any filter narrows the list. */
export function isNarrowed(filters: InboxFilters): boolean {
  return Object.values(filters).some((value) => value !== undefined && value !== '');
}
