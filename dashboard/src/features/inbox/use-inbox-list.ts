import type { Anomaly } from '@verdict/contracts';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useAnomalies } from '../../api/anomalies.ts';
import { flattenPages, holdBack } from '../../lib/anomaly-list.ts';
import { type InboxFilters, listFilters, matchesView } from '../../lib/inbox-filters.ts';

/** So many pages are fetched by themselves while the chosen words or severity match nothing. */
const mostEmptyPages = 5;
/** A list longer than this is narrowed by filters, not by scrolling. */
const mostItems = 10_000;

/** The inbox's list: what to show, what is held back above, and how to go on. */
export interface InboxList {
  readonly query: ReturnType<typeof useAnomalies>;
  readonly shown: readonly Anomaly[];
  /** News that is not shown yet, since it would move what is being read. */
  readonly held: readonly Anomaly[];
  /** The list tells whether its top is in sight; only then news is put in at once. */
  readonly setAtTop: (atTop: boolean) => void;
  readonly showHeld: () => void;
  /** Fetches older ones if there are any; called when the end of the list comes into sight. */
  readonly reachEnd: () => void;
  /** True when older ones exist but nothing among the newer ones matched for a while. */
  readonly mayGoOn: boolean;
  readonly goOn: () => void;
}

/** Reads the inbox's list, live. */
export function useInboxList(filters: InboxFilters): InboxList {
  const { model, series, state, verdict, severity, q } = filters;
  const asked = useMemo(
    () => listFilters({ model, series, state, verdict }),
    [model, series, state, verdict],
  );
  const query = useAnomalies(asked);
  const all = useMemo(() => flattenPages(query.data?.pages ?? []), [query.data]);
  const matching = useMemo(
    () => all.filter((item) => matchesView(item, { severity, q })),
    [all, severity, q],
  );
  const [known, setKnown] = useState<ReadonlySet<string> | null>(null);
  const [emptyPages, setEmptyPages] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice of filters is another list
  useEffect(() => {
    setKnown(null);
    setEmptyPages(0);
  }, [asked, severity, q]);

  const { shown, held } = useMemo(
    () => (known === null ? { shown: matching, held: [] } : holdBack(matching, known)),
    [matching, known],
  );

  const setAtTop = useCallback(
    (atTop: boolean) =>
      setKnown((earlier) => (atTop ? null : (earlier ?? new Set(matching.map((item) => item.id))))),
    [matching],
  );

  const { hasNextPage, isFetching, fetchNextPage } = query;
  const canFetch = hasNextPage && !isFetching && all.length < mostItems;
  const fetchOlder = useCallback(() => {
    const before = matching.length;
    void fetchNextPage().then((result) => {
      const after = flattenPages(result.data?.pages ?? []).filter((item) =>
        matchesView(item, { severity, q }),
      ).length;
      setEmptyPages((count) => (after > before ? 0 : count + 1));
    });
  }, [fetchNextPage, matching.length, severity, q]);

  return {
    query,
    shown,
    held,
    setAtTop,
    showHeld: useCallback(() => setKnown(null), []),
    reachEnd: useCallback(() => {
      if (canFetch && emptyPages < mostEmptyPages) fetchOlder();
    }, [canFetch, emptyPages, fetchOlder]),
    mayGoOn: canFetch && emptyPages >= mostEmptyPages,
    goOn: fetchOlder,
  };
}
