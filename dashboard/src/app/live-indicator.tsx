import { useLiveStatus } from '../api/services.ts';
import { TimeText } from '../components/time-text.tsx';
import styles from './shell.module.css';

const texts = { off: 'Not connected', connecting: 'Connecting…', live: 'Live', lost: 'Connection lost' };

/** Says in the frame whether news arrives. */
export function LiveIndicator() {
  const status = useLiveStatus();
  return (
    <div
      className={styles.live}
      data-status={status.kind}
      role="status"
      aria-label={`Connection: ${texts[status.kind]}`}
    >
      <span className={styles.dot} aria-hidden="true" />
      <span>{texts[status.kind]}</span>
    </div>
  );
}

/** Says across the page that what is shown may be old. */
export function LostBanner() {
  const status = useLiveStatus();
  if (status.kind !== 'lost') return null;
  return (
    <div className={styles.lost} role="alert">
      <strong>
        Connection lost at <TimeText at={status.sinceMs} form="clock" />
      </strong>
      <span>
        This page shows what was known then. Trying again; what is missed meanwhile will be fetched.
      </span>
    </div>
  );
}
