import { getRouteApi, Outlet, useParams } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { useSeriesList } from '../../api/coverage.ts';
import { ListAndDetail } from '../../components/list-and-detail.tsx';
import { ListStates } from '../../components/list-states.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { useStepKeys } from '../../components/use-step-keys.ts';
import { formatNumber } from '../../lib/quantity.ts';
import type { SeriesSearch } from '../../lib/url-state.ts';
import styles from './series.module.css';
import { SeriesList } from './series-list.tsx';

const route = getRouteApi('/signed-in/ui/series');

/** All series on the left, the chosen one on the right. */
export default function SeriesPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  // Without a key the child route matches too, with an empty one.
  const chosen = useParams({ strict: false })._splat || undefined;
  const query = useSeriesList(useMemo(() => ({ search: q }), [q]));
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const counts = query.data?.pages[0]?.counts;
  const total = counts === undefined ? null : Object.values(counts).reduce((sum, count) => sum + count, 0);
  const search = useCallback(
    (text: string) => {
      const change = (known: SeriesSearch) => ({ ...known, q: text === '' ? undefined : text });
      if (chosen === undefined) void navigate({ to: '/ui/series', search: change, replace: true });
      else void navigate({ to: '/ui/series/$', params: { _splat: chosen }, search: change, replace: true });
    },
    [navigate, chosen],
  );
  const choose = (series: string) =>
    void navigate({
      to: '/ui/series/$',
      params: { _splat: series },
      search: (known) => known,
      replace: true,
    });
  useStepKeys(
    items.map(({ series }) => series),
    chosen,
    choose,
  );
  const list = (
    <div className={styles.side}>
      <div className={styles.head}>
        <div className={styles.heading}>
          Series {total !== null && <span className={styles.count}>{formatNumber(total)}</span>}
        </div>
        <SearchField label="Search series" placeholder="Search series" value={q ?? ''} onSearch={search} />
      </div>
      <ListStates
        query={query}
        name="series"
        empty={items.length === 0}
        emptyTitle={q === undefined ? 'No series yet' : 'Nothing matches'}
      >
        <p>
          {q === undefined
            ? 'A series appears with its first reading. The inbox says how to send one.'
            : `No key contains “${q}”.`}
        </p>
      </ListStates>
      {items.length > 0 && <SeriesList items={items} pages={query} chosen={chosen} />}
    </div>
  );
  return (
    <ListAndDetail
      names={{ list: 'All series', detail: 'Chosen series' }}
      className={styles.page}
      chosen={chosen !== undefined}
      list={list}
      detail={
        chosen === undefined ? (
          <p className={styles.prompt}>
            Choose a series to see its signals, what was expected of them, and their scores.
          </p>
        ) : (
          <Outlet />
        )
      }
    />
  );
}
