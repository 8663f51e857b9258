import type { PoolView } from '@verdict/contracts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { useNow } from '../../components/use-now.ts';
import { formatDuration } from '../../lib/time-text.ts';
import lists from './lists.module.css';
import styles from './rollout.module.css';
import { awaitedBy, type RolloutStation, stationsOf } from './rollout-progress.ts';

const marks: Record<RolloutStation['state'], { icon: IconName; text: string }> = {
  done: { icon: 'check', text: 'done' },
  now: { icon: 'forward', text: 'now' },
  next: { icon: 'open', text: 'to come' },
  asked: { icon: 'open', text: 'for the next version' },
};

/** The steps as a line: what is over, what is now and what it waits for, what is to come. */
export function StationTrack({ pool }: { pool: PoolView }) {
  const { state } = pool.rollout;
  const spec = pool.spec.rollout;
  const stations = stationsOf(state ?? { phase: 'idle', step: 0 }, spec, pool.partitions.length);
  const { analysis } = spec;
  return (
    <section className={styles.section} aria-label="Steps">
      <h3>Steps</h3>
      <ol className={styles.track} aria-label="Steps of a rollout">
        {stations.map((station) => (
          <li
            key={station.key}
            className={styles.station}
            data-state={station.state}
            aria-current={station.state === 'now' ? 'step' : undefined}
          >
            <span className={styles.mark}>
              <Icon name={marks[station.state].icon} size={14} />
            </span>
            <strong>{station.title}</strong>
            <span className={styles.stationWord}>{marks[station.state].text}</span>
            <span className={styles.muted}>{station.about}</span>
          </li>
        ))}
      </ol>
      {state !== null && state.candidate !== null && <Waiting pool={pool} />}
      <p className={styles.muted}>
        Judged every {formatDuration(analysis.intervalSeconds * 1000)} on at least {analysis.minimumReadings}{' '}
        readings, against what the champion did; taken back at{' '}
        {analysis.failureLimit === 1 ? 'the first failure' : `${analysis.failureLimit} failures`}.
      </p>
    </section>
  );
}

function Waiting({ pool }: { pool: PoolView }) {
  const nowMs = useNow(1000);
  const { state } = pool.rollout;
  const awaited = state === null ? null : awaitedBy(state, pool.spec.rollout, nowMs);
  if (awaited === null) return null;
  return (
    <div className={lists.waiting} data-paused={state?.paused !== null}>
      <label htmlFor="phase-time">{awaited.text}</label>
      <progress id="phase-time" max={1} value={awaited.share} />
    </div>
  );
}
