import type { RolloutEvent, RolloutRecord } from '@verdict/contracts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { TimeText } from '../../components/time-text.tsx';
import lists from './lists.module.css';
import styles from './rollout.module.css';

type Tone = 'busy' | 'good' | 'bad' | 'past';

const looks: Record<RolloutEvent['reason'], { icon: IconName; tone: Tone; text: string }> = {
  RolloutStarted: { icon: 'forward', tone: 'busy', text: 'started' },
  StepStarted: { icon: 'forward', tone: 'busy', text: 'next step' },
  AnalysisFailed: { icon: 'warning', tone: 'bad', text: 'analysis failed' },
  WaitingForReadings: { icon: 'more', tone: 'past', text: 'waiting' },
  Promoted: { icon: 'check', tone: 'good', text: 'promoted' },
  TakenBack: { icon: 'undo', tone: 'bad', text: 'taken back' },
  RolledBack: { icon: 'undo', tone: 'bad', text: 'rolled back' },
  Paused: { icon: 'minus', tone: 'past', text: 'paused' },
  Resumed: { icon: 'forward', tone: 'busy', text: 'resumed' },
  CommandRefused: { icon: 'false', tone: 'bad', text: 'command refused' },
};

const mostShown = 12;

/** What happened, newest first. */
export function EventList({ events }: { events: RolloutRecord['events'] }) {
  const newest = events.toReversed();
  return (
    <section className={styles.section} aria-label="Events">
      <h3>Events</h3>
      {newest.length === 0 && (
        <p className={styles.muted}>
          Nothing happened yet. When a training brings a version that is accepted, it is rolled out here.
        </p>
      )}
      <Rows events={newest.slice(0, mostShown)} />
      {newest.length > mostShown && (
        <details>
          <summary className={lists.fold}>{newest.length - mostShown} earlier</summary>
          <Rows events={newest.slice(mostShown)} />
        </details>
      )}
    </section>
  );
}

function Rows({ events }: { events: RolloutRecord['events'] }) {
  if (events.length === 0) return null;
  return (
    <ol className={lists.list}>
      {events.map((event) => (
        <li key={`${event.at} ${event.reason} ${event.message}`}>
          <span className={styles.phase} data-tone={looks[event.reason].tone}>
            <Icon name={looks[event.reason].icon} size={14} />
            {looks[event.reason].text}
          </span>
          <TimeText at={event.at} />
          <span className={lists.message}>{event.message}</span>
        </li>
      ))}
    </ol>
  );
}
