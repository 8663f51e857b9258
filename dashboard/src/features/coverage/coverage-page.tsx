import { getRouteApi } from '@tanstack/react-router';
import { CoverageState } from '@verdict/contracts';
import { ToggleGroup } from 'radix-ui';
import { useCallback, useMemo } from 'react';
import { useCoverage } from '../../api/coverage.ts';
import { ListStates } from '../../components/list-states.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { formatNumber } from '../../lib/quantity.ts';
import styles from './coverage.module.css';
import { CoverageTable } from './coverage-table.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { StateMark } from './state-mark.tsx';

const route = getRouteApi('/signed-in/ui/coverage');

/** What is being done with every series, and what could not be used. */
export default function CoveragePage() {
  const { state, q } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useCoverage(useMemo(() => ({ state, search: q }), [state, q]));
  const first = query.data?.pages[0];
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const search = useCallback(
    (text: string) =>
      void navigate({
        to: '/ui/coverage',
        search: (known) => ({ ...known, q: text === '' ? undefined : text }),
        replace: true,
      }),
    [navigate],
  );
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.heading}>Coverage</div>
        <div className={styles.tools}>
          <SearchField label="Search series" placeholder="Search series" value={q ?? ''} onSearch={search} />
          <ToggleGroup.Root
            type="single"
            className={styles.states}
            aria-label="State"
            value={state ?? ''}
            onValueChange={(value) =>
              void navigate({
                to: '/ui/coverage',
                search: (known) => ({ ...known, state: CoverageState.safeParse(value).data }),
                replace: true,
              })
            }
          >
            {CoverageState.options.map((option) => (
              <ToggleGroup.Item key={option} value={option} className={styles.state}>
                <StateMark state={option} />
                <strong>{first === undefined ? '–' : formatNumber(first.counts[option])}</strong>
              </ToggleGroup.Item>
            ))}
          </ToggleGroup.Root>
        </div>
        {first !== undefined && <DeadLetters counts={first.deadLetters} />}
      </div>
      <ListStates
        query={query}
        name="coverage"
        empty={items.length === 0}
        emptyTitle={state === undefined && q === undefined ? 'No series yet' : 'Nothing matches'}
      >
        <p>
          {state === undefined && q === undefined
            ? 'Every series that sends a reading appears here, with what is being done with it. The inbox says how to send one.'
            : 'No series is in this state with this search.'}
        </p>
      </ListStates>
      {items.length > 0 && <CoverageTable items={items} pages={query} />}
    </div>
  );
}
