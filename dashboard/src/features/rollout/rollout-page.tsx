import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { ListAndDetail } from '../../components/list-and-detail.tsx';
import { ListLink } from '../../components/list-link.tsx';
import { ListStates } from '../../components/list-states.tsx';
import { useFirstChoice } from '../../components/use-first-choice.ts';
import { useStepKeys } from '../../components/use-step-keys.ts';
import { PhaseWord } from './phase-word.tsx';
import styles from './rollout.module.css';
import { useLivePools } from './use-live-pools.ts';

/** The pools on the left, the rollout of the chosen one on the right. */
export default function RolloutPage() {
  const query = useLivePools();
  const navigate = useNavigate();
  const chosen = useParams({ strict: false }).pool;
  const pools = query.data ?? [];
  // The one with something going on is what people come for.
  const first = (pools.find(({ rollout }) => rollout.state?.candidate != null) ?? pools[0])?.name;
  const choose = useCallback(
    (pool: string) => void navigate({ to: '/ui/rollout/$pool', params: { pool }, search: {}, replace: true }),
    [navigate],
  );
  useFirstChoice(first, chosen, choose);
  useStepKeys(
    pools.map(({ name }) => name),
    chosen,
    choose,
  );
  const list = (
    <>
      <div className={styles.heading}>Rollout</div>
      <ListStates query={query} name="pools" empty={pools.length === 0} emptyTitle="No pools yet">
        <p>A pool of detectors appears when its DetectorPool is applied.</p>
      </ListStates>
      <ul aria-label="Pools">
        {pools.map((pool) => (
          <li key={`${pool.namespace}/${pool.name}`}>
            <ListLink
              to="/ui/rollout/$pool"
              params={{ pool: pool.name }}
              search={{}}
              className={styles.row}
              chosen={pool.name === chosen}
            >
              <strong>{pool.name}</strong>
              <span className={styles.sub}>serves model {pool.spec.model}</span>
              <span className={styles.sub}>
                <PhaseWord state={pool.rollout.state} steps={pool.spec.rollout.steps.length} />
              </span>
            </ListLink>
          </li>
        ))}
      </ul>
    </>
  );
  return (
    <ListAndDetail
      names={{ list: 'All pools', detail: 'Chosen pool' }}
      chosen={chosen !== undefined}
      list={list}
      detail={
        chosen === undefined ? <p className={styles.prompt}>Choose a pool to see its rollout.</p> : <Outlet />
      }
    />
  );
}
