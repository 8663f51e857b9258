import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { useAnomaly } from '../../api/anomalies.ts';
import { useReadMarks } from '../../api/services.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Icon } from '../../components/icon.tsx';
import { LoadingState } from '../../components/loading-state.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useKeyAction } from '../../components/use-key-action.ts';
import { isNarrowed } from '../../lib/inbox-filters.ts';
import { AnomalyDetail } from './anomaly-detail.tsx';
import { AnomalyList } from './anomaly-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FirstStart } from './first-start.tsx';
import styles from './inbox.module.css';
import { type InboxList, useInboxList } from './use-inbox-list.ts';

const route = getRouteApi('/signed-in/ui/inbox');

/** The triage inbox: anomalies on the left, the chosen one on the right. */
export default function InboxPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const readMarks = useReadMarks();
  const { anomaly: chosenId, signal, ...filters } = search;
  const list = useInboxList(filters);
  const narrowed = isNarrowed(filters);

  const choose = useCallback(
    (id: string | undefined) =>
      void navigate({
        to: '/ui/inbox',
        search: (known) => ({ ...known, anomaly: id, signal: undefined }),
        replace: true,
      }),
    [navigate],
  );
  const step = (by: 1 | -1) => {
    const at = list.shown.findIndex((item) => item.id === chosenId);
    const next = at < 0 ? list.shown[0] : list.shown[at + by];
    if (next !== undefined) choose(next.id);
  };
  useKeyAction({
    next: () => step(1),
    previous: () => step(-1),
    open: () => document.getElementById('chosen')?.focus(),
    close: () => choose(undefined),
  });
  useEffect(() => {
    if (chosenId !== undefined) readMarks.mark(chosenId);
  }, [chosenId, readMarks]);

  const nothingYet = list.query.isSuccess && !list.query.hasNextPage && list.shown.length === 0;
  if (nothingYet && !narrowed && chosenId === undefined) return <FirstStart />;
  return (
    <div className={styles.page} data-chosen={chosenId !== undefined}>
      <section className={styles.side} aria-label="Inbox">
        <div className={styles.head}>
          <div className={styles.title}>
            <div className={styles.heading}>Inbox</div>
            <Button kind="quiet" icon="check" onClick={() => readMarks.markAllBefore(Date.now())}>
              Mark all as read
            </Button>
          </div>
          <FilterBar />
        </div>
        <ListBody list={list} chosenId={chosenId} />
      </section>
      <section
        id="chosen"
        className={styles.detail}
        aria-label="Chosen anomaly"
        tabIndex={-1}
        data-empty={chosenId === undefined}
      >
        {chosenId === undefined ? (
          <Prompt list={list} />
        ) : (
          <Chosen key={chosenId} id={chosenId} signal={signal} list={list} />
        )}
      </section>
    </div>
  );
}

function ListBody({ list, chosenId }: { list: InboxList; chosenId: string | undefined }) {
  const navigate = route.useNavigate();
  if (list.query.isPending) return <LoadingState what="anomalies" />;
  if (list.query.isError && list.query.data === undefined) {
    return (
      <ProblemNotice
        what="The anomalies could not be read"
        error={list.query.error}
        onRetry={() => void list.query.refetch()}
      />
    );
  }
  if (list.shown.length === 0 && !list.query.isFetchingNextPage && !list.mayGoOn && !list.query.hasNextPage) {
    return (
      <EmptyState title="Nothing matches">
        <p>No anomaly fits these filters.</p>
        <Button onClick={() => void navigate({ to: '/ui/inbox', search: {} })}>Show everything</Button>
      </EmptyState>
    );
  }
  return <AnomalyList list={list} chosenId={chosenId} />;
}

function Prompt({ list }: { list: InboxList }) {
  const open = list.shown.filter((item) => item.state === 'open').length;
  const unjudged = list.shown.filter((item) => item.verdicts.length === 0).length;
  if (list.query.data === undefined) return null;
  return (
    <div className={styles.prompt}>
      <strong>
        {open === 0 ? 'Nothing is odd right now' : `${open} open ${open === 1 ? 'anomaly' : 'anomalies'}`}
      </strong>
      <span>
        {unjudged} of the {list.shown.length} listed need a verdict.
      </span>
      <span>
        <kbd>j</kbd> begins with the newest, <kbd>t</kbd> says true, <kbd>f</kbd> false alarm, <kbd>?</kbd>{' '}
        shows all keys
      </span>
    </div>
  );
}

function Chosen({ id, signal, list }: { id: string; signal: string | undefined; list: InboxList }) {
  const listed = list.shown.find((item) => item.id === id) ?? list.held.find((item) => item.id === id);
  const alone = useAnomaly(id, listed === undefined && !list.query.isPending);
  const anomaly = listed ?? alone.data;
  return (
    <>
      <div className={styles.back}>
        <Link
          from="/ui/inbox"
          to="/ui/inbox"
          search={(known) => ({ ...known, anomaly: undefined, signal: undefined })}
        >
          <Icon name="back" size={12} /> Inbox
        </Link>
      </div>
      {anomaly !== undefined && <AnomalyDetail anomaly={anomaly} signal={signal} />}
      {anomaly === undefined && alone.isError && (
        <div style={{ padding: 'var(--space-5)' }}>
          <ProblemNotice
            what="This anomaly could not be read"
            error={alone.error}
            onRetry={() => void alone.refetch()}
          />
        </div>
      )}
      {anomaly === undefined && !alone.isError && <LoadingState what="the anomaly" />}
    </>
  );
}
