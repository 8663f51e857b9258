import { Link } from '@tanstack/react-router';
import { useAnomaly } from '../../api/anomalies.ts';
import { usePendingVerdict, usePerson } from '../../api/services.ts';
import { Button } from '../../components/button.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import styles from './worth.module.css';

/** The answer before: the queue has moved on, so this is where it is undone, or what it did is looked at. */
export function LastAnswer({ last, onUndo }: { last: { id: string; series: string }; onUndo: () => void }) {
  const person = usePerson();
  const pending = usePendingVerdict(last.id);
  const { data } = useAnomaly(last.id, true);
  const kept = data?.verdicts.find((given) => given.person === person)?.verdict;
  const said = pending?.verdict ?? kept;
  const failed = pending?.phase === 'failed';
  // Taken back meanwhile, by a key on the anomaly itself.
  if (said === undefined || said === 'withdrawn') return null;
  return (
    <section className={styles.last} aria-label="Your last answer">
      <p role="status">
        {failed
          ? `Your answer on ${last.series} was not taken: ${pending.problem ?? 'no reason given'}.`
          : `You said ${said === 'true' ? 'true anomaly' : 'false alarm'} on ${last.series}${pending === undefined ? '.' : '…'}`}
      </p>
      <div>
        <Button kind="quiet" icon="undo" aria-keyshortcuts="u" onClick={onUndo}>
          Undo <KeyHint of="u" />
        </Button>
        <Link
          from="/ui/inbox"
          to="/ui/inbox"
          search={(known) => ({ ...known, anomaly: last.id, signal: undefined })}
        >
          See what it did
        </Link>
      </div>
    </section>
  );
}
