import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { AnomaliesPage, Anomaly, CurrentVerdict } from '@verdict/contracts';
import { mergeIntoPages, mergeVerdicts, newerOf } from '../lib/anomaly-list.ts';
import type { ListFilters } from '../lib/inbox-filters.ts';
import type { LiveConnection } from '../lib/live-connection.ts';
import type { PendingVerdicts } from '../lib/pending-verdicts.ts';
import type { SessionStore } from '../lib/session-store.ts';
import { anomalyKeys, fetchChanges } from './anomalies.ts';
import type { ApiClient } from './client.ts';
import { receiptKeys } from './receipt.ts';
import { worthKey } from './worth-asking.ts';

type Listing = InfiniteData<AnomaliesPage, string | null>;

/** News is put into the lists this often at most: a burst costs one rendering. */
const batchMs = 200;
/** Even while connected, what may have slipped through is asked for this often; it also moves the cursor on. */
const sweepMs = 60_000;
/** More changes than this many pages of 500 and the lists are read anew instead. */
const mostCatchUpPages = 10;

interface FeedParts {
  readonly client: ApiClient;
  readonly queries: QueryClient;
  readonly live: LiveConnection;
  readonly pending: PendingVerdicts;
  readonly session: SessionStore;
}

/** Keeps every listing in the query cache current: from the hub while connected, from the last cursor after a gap. */
export class AnomalyFeed {
  readonly #parts: FeedParts;
  #told = new Map<string, Anomaly>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sweep: ReturnType<typeof setInterval> | undefined;
  #cursor: string | null = null;
  #catchingUp = false;
  #leave: (() => void)[] = [];

  constructor(parts: FeedParts) {
    this.#parts = parts;
  }

  /** Begins to listen; returns the way out. */
  start(): () => void {
    const { live, queries } = this.#parts;
    this.#leave = [
      live.on('anomaly', ({ anomaly }) => this.#take(anomaly)),
      live.on('feedback', ({ anomalyId, verdicts }) => this.applyVerdicts(anomalyId, verdicts)),
      live.onConnected(() => void this.#catchUp()),
      queries.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return;
        const [scope, kind] = event.query.queryKey;
        if (scope === 'anomalies' && kind === 'list') this.#listed(event.query.state.data as Listing);
      }),
    ];
    this.#sweep = setInterval(() => void this.#catchUp(), sweepMs);
    return () => this.stop();
  }

  /** Stops listening. */
  stop(): void {
    for (const leave of this.#leave) leave();
    this.#leave = [];
    clearTimeout(this.#timer);
    clearInterval(this.#sweep);
  }

  /** Puts anomalies that were read from the gateway into the lists. */
  applyRead(items: readonly Anomaly[]): void {
    this.#apply(items, true);
  }

  /** Puts the current verdicts of an anomaly everywhere it is shown. */
  applyVerdicts(anomalyId: string, verdicts: CurrentVerdict[]): void {
    const { queries, pending } = this.#parts;
    const told = this.#told.get(anomalyId);
    if (told !== undefined) this.#told.set(anomalyId, { ...told, verdicts });
    this.#eachListing((listing) => mergeVerdicts(listing.pages, { anomalyId, verdicts }));
    queries.setQueryData<Anomaly>(anomalyKeys.one(anomalyId), (known) => known && { ...known, verdicts });
    const person = this.#person();
    if (person !== null) pending.confirm(anomalyId, verdicts, person);
    void queries.invalidateQueries({ queryKey: receiptKeys.one(anomalyId) });
    void queries.invalidateQueries({ queryKey: worthKey });
  }

  #person(): string | null {
    const state = this.#parts.session.state();
    return state.kind === 'active' ? state.session.person : null;
  }

  #take(anomaly: Anomaly): void {
    const known = this.#told.get(anomaly.id);
    this.#told.set(anomaly.id, known === undefined ? anomaly : newerOf(known, anomaly, false));
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const items = [...this.#told.values()];
      this.#told.clear();
      this.#apply(items, false);
    }, batchMs);
  }

  #apply(items: readonly Anomaly[], trusted: boolean): void {
    if (items.length === 0) return;
    const { queries, pending } = this.#parts;
    this.#eachListing((listing, filters) => mergeIntoPages(listing.pages, items, { filters, trusted }));
    const person = this.#person();
    for (const item of items) {
      queries.setQueryData<Anomaly>(
        anomalyKeys.one(item.id),
        (known) => known && newerOf(known, item, trusted),
      );
      if (person !== null && trusted) pending.confirm(item.id, item.verdicts, person);
    }
  }

  #eachListing(change: (listing: Listing, filters: ListFilters) => AnomaliesPage[]): void {
    const { queries } = this.#parts;
    for (const [key, listing] of queries.getQueriesData<Listing>({ queryKey: anomalyKeys.lists })) {
      if (listing === undefined) continue;
      const pages = change(listing, (key[2] ?? {}) as ListFilters);
      if (pages !== listing.pages) queries.setQueryData<Listing>(key, { ...listing, pages });
    }
  }

  /**
   * A listing was read: news told while it was on its way may be missing in it, so changes since its own cursor
   * are asked for once more.
   */
  #listed(listing: Listing): void {
    const cursor = listing.pages[0]?.cursor;
    if (cursor === undefined) return;
    if (this.#cursor === null || BigInt(cursor) < BigInt(this.#cursor)) this.#cursor = cursor;
    void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    const { client, queries, live } = this.#parts;
    const since = this.#cursor;
    if (this.#catchingUp || since === null || live.status().kind !== 'live') return;
    this.#catchingUp = true;
    try {
      let next: string | null = null;
      for (let page = 0; page < mostCatchUpPages; page++) {
        const answer: AnomaliesPage = await fetchChanges(client, { since, next });
        this.applyRead(answer.items);
        next = answer.next;
        if (next === null) {
          if (this.#cursor === since) this.#cursor = answer.cursor;
          break;
        }
      }
      if (next !== null) {
        this.#cursor = null;
        await queries.resetQueries({ queryKey: anomalyKeys.lists });
      }
    } catch (error) {
      // The next connect or sweep starts again from the same cursor, so nothing is skipped.
      console.warn('verdict: could not fetch what was missed', error);
    } finally {
      this.#catchingUp = false;
    }
    // A listing that was read meanwhile put the cursor back.
    if (this.#cursor !== null && BigInt(this.#cursor) < BigInt(since)) await this.#catchUp();
  }
}
