import { getRouteApi } from '@tanstack/react-router';
import type { SignalContribution } from '@verdict/contracts';
import { headlineOf } from '../../lib/anomaly-sentence.ts';
import { formatShare } from '../../lib/quantity.ts';
import styles from './detail.module.css';

const route = getRouteApi('/signed-in/ui/inbox');
const mostBars = 12;

/** How much each signal contributed at the peak; pressing one charts it. */
export function ContributionBars(props: {
  contributions: readonly SignalContribution[];
  charted: string | undefined;
}) {
  const navigate = route.useNavigate();
  if (props.contributions.length === 0) return null;
  const shown = props.contributions.slice(0, mostBars);
  return (
    <section className={styles.section} aria-label="Contributions">
      <h3>What made it odd</h3>
      <div className={styles.bars}>
        {shown.map((item) => (
          <button
            key={item.signal}
            type="button"
            className={styles.bar}
            aria-pressed={item.signal === props.charted}
            onClick={() =>
              void navigate({
                to: '/ui/inbox',
                search: (known) => ({ ...known, signal: item.signal }),
                replace: true,
              })
            }
          >
            <span>{item.signal}</span>
            <span className={styles.track} aria-hidden="true">
              <span
                className={styles.fill}
                style={{ display: 'block', width: `${Math.max(1, item.share * 100)}%` }}
              />
            </span>
            <span className={styles.share}>{formatShare(item.share)}</span>
            <span className={styles.values}>{headlineOf(item)}</span>
          </button>
        ))}
      </div>
      {props.contributions.length > mostBars && (
        <p className={styles.muted}>{props.contributions.length - mostBars} more signals contributed less.</p>
      )}
    </section>
  );
}
