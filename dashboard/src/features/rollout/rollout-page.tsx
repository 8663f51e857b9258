import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadingState } from '../../components/loading-state.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useKeyAction } from '../../components/use-key-action.ts';
import { PhaseWord } from './phase-word.tsx';
import styles from './rollout.module.css';
import { useLivePools } from './use-live-pools.ts';

/** Narrower than this the list and the detail take turns. */
const narrow = '(max-width: 760px)';

/** The pools on the left, the rollout of the chosen one on the right. */
export default function RolloutPage() {
  const query = useLivePools();
  const navigate = useNavigate();
  const chosen = useParams({ strict: false }).pool;
  const pools = query.data ?? [];
  // The one with something going on is what people come for.
  const first = (pools.find(({ rollout }) => rollout.state?.candidate != null) ?? pools[0])?.name;
  useEffect(() => {
    if (chosen === undefined && first !== undefined && !window.matchMedia(narrow).matches)
      void navigate({ to: '/ui/rollout/$pool', params: { pool: first }, search: {}, replace: true });
  }, [chosen, first, navigate]);
  const step = (by: 1 | -1) => {
    const at = pools.findIndex((pool) => pool.name === chosen);
    const next = at < 0 ? pools[0] : pools[at + by];
    if (next !== undefined)
      void navigate({ to: '/ui/rollout/$pool', params: { pool: next.name }, search: {}, replace: true });
  };
  useKeyAction({ next: () => step(1), previous: () => step(-1) });
  return (
    <div className={styles.page} data-chosen={chosen !== undefined}>
      <section className={styles.side} aria-label="All pools">
        <div className={styles.heading}>Rollout</div>
        {query.isPending && <LoadingState what="pools" />}
        {query.isError && query.data === undefined && (
          <ProblemNotice
            what="The pools could not be read"
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        )}
        {query.isSuccess && pools.length === 0 && (
          <EmptyState title="No pools yet">
            <p>A pool of detectors appears when its DetectorPool is applied.</p>
          </EmptyState>
        )}
        <ul aria-label="Pools">
          {pools.map((pool) => (
            <li key={`${pool.namespace}/${pool.name}`}>
              <Link
                to="/ui/rollout/$pool"
                params={{ pool: pool.name }}
                search={{}}
                className={styles.row}
                aria-current={pool.name === chosen ? 'page' : undefined}
              >
                <strong>{pool.name}</strong>
                <span className={styles.sub}>serves model {pool.spec.model}</span>
                <span className={styles.sub}>
                  <PhaseWord state={pool.rollout.state} steps={pool.spec.rollout.steps.length} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.detail} aria-label="Chosen pool">
        {chosen === undefined ? (
          <p className={styles.prompt}>Choose a pool to see its rollout.</p>
        ) : (
          <Outlet />
        )}
      </section>
    </div>
  );
}
