import { Link, useParams } from '@tanstack/react-router';
import type { PoolView } from '@verdict/contracts';
import { BackLink } from '../../components/back-link.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { versionName, versionsText } from '../../lib/version-text.ts';
import { AnalysisList } from './analysis-list.tsx';
import { EventList } from './event-list.tsx';
import lists from './lists.module.css';
import { PartitionSection } from './partition-section.tsx';
import styles from './rollout.module.css';
import { RolloutActions } from './rollout-actions.tsx';
import { standingText } from './rollout-progress.ts';
import { ShadowSection } from './shadow-section.tsx';
import { StationTrack } from './station-track.tsx';
import { useLivePools } from './use-live-pools.ts';
import { VersionFiguresTable } from './version-figures-table.tsx';

/** One pool: what serves where, how far the rollout is, what was found, and what can be done about it. */
export default function OneRollout() {
  const name = useParams({ strict: false }).pool;
  const query = useLivePools();
  const pool = query.data?.find((item) => item.name === name);
  if (query.data === undefined) return null;
  if (pool === undefined) {
    return (
      <EmptyState title={`There is no pool ${name ?? ''}`}>
        <p>
          It may have been deleted. <Link to="/ui/rollout">All pools</Link>
        </p>
      </EmptyState>
    );
  }
  return <PoolRollout key={`${pool.namespace}/${pool.name}`} pool={pool} />;
}

function PoolRollout({ pool }: { pool: PoolView }) {
  const { state, events } = pool.rollout;
  const spec = pool.spec.rollout;
  return (
    <article className={styles.one}>
      <BackLink to="/ui/rollout">All pools</BackLink>
      <header className={styles.title}>
        <h2>Pool {pool.name}</h2>
        <p className={styles.standing}>{standingText(state, spec.steps.length)}</p>
        <p className={styles.muted}>
          Serves{' '}
          <Link to="/ui/models/$name" params={{ name: pool.spec.model }} search={{}}>
            model {pool.spec.model}
          </Link>{' '}
          with {pool.members.length} of {pool.spec.replicas} detectors
        </p>
      </header>
      <RolloutActions pool={pool} />
      <PartitionSection pool={pool} />
      <StationTrack pool={pool} />
      <ShadowSection pool={pool} />
      {state !== null && <Remembered pool={pool} />}
      <AnalysisList analyses={state?.analyses ?? []} />
      <VersionFiguresTable pool={pool} />
      <EventList events={events} />
    </article>
  );
}

/** What the pool remembers of rollouts that ended. */
function Remembered({ pool }: { pool: PoolView }) {
  const { state } = pool.rollout;
  if (state === null) return null;
  const { aborted, fallback, lastAbort } = state;
  return (
    <dl className={lists.facts}>
      <div>
        <dt>Serving</dt>
        <dd>{versionName(state.champion)}</dd>
      </div>
      <div>
        <dt>Fallback, if it cannot be loaded</dt>
        <dd>{fallback === null ? 'none' : versionName(fallback)}</dd>
      </div>
      <div>
        <dt>Taken back, never tried again by themselves</dt>
        <dd>{aborted.length === 0 ? 'none' : versionsText(aborted)}</dd>
      </div>
      {lastAbort !== null && (
        <div className={lists.wide}>
          <dt>Last taken back</dt>
          <dd>
            {versionName(lastAbort.version)}
            <small>
              <TimeText at={lastAbort.atMs} />: {lastAbort.reason}
            </small>
          </dd>
        </div>
      )}
    </dl>
  );
}
