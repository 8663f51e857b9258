import type { Anomaly, Receipt } from '@verdict/contracts';
import { useReceipt } from '../../api/receipt.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { TimeText } from '../../components/time-text.tsx';
import type { PendingVerdict } from '../../lib/pending-verdicts.ts';
import { answersOf, countsThe } from '../../lib/receipt-text.ts';
import styles from './detail.module.css';
import { ReceiptLinks } from './receipt-links.tsx';

/** What the verdicts on an anomaly did (before there are any: what they would do), with the way to undo one's own. */
export function VerdictReceipt(props: {
  anomaly: Anomaly;
  pending: PendingVerdict | undefined;
  /** Takes one's own answer back; undefined without one. */
  onUndo: (() => void) | undefined;
}) {
  const { anomaly, onUndo } = props;
  const answers = answersOf(anomaly.verdicts);
  const answered = anomaly.verdicts.length > 0;
  const query = useReceipt(anomaly.id, answers);
  const sending = props.pending !== undefined && props.pending.phase !== 'failed';
  const receipt = sending ? undefined : query.data;
  const settled = receipt !== undefined && countsThe(answers, receipt);
  const title = answered || sending ? 'What it did' : 'What an answer would do';
  return (
    <section className={styles.receipt} aria-label={title} aria-busy={!settled}>
      <div className={styles.receiptHead}>
        <h3>{title}</h3>
        {settled && receipt.memory !== null && (
          <span
            className={styles.quiet}
            title="Alarms like this one are kept quiet on this series until then"
          >
            <Icon name="quiet" size={14} />
            quiet until <TimeText at={receipt.memory.until} />
          </span>
        )}
        <Button
          kind="quiet"
          icon="undo"
          aria-keyshortcuts="u"
          disabled={onUndo === undefined}
          data-hidden={onUndo === undefined}
          onClick={onUndo}
        >
          Undo <KeyHint of="u" />
        </Button>
      </div>
      {settled ? (
        <Said receipt={receipt} anomaly={anomaly} />
      ) : !sending && query.isError && query.data === undefined ? (
        <ProblemNotice
          what={`${title}: this could not be read`}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <p className={styles.muted} role="status">
          {waitingText({ sending, answered, undoing: props.pending?.verdict === 'withdrawn' })}
        </p>
      )}
    </section>
  );
}

function waitingText(at: { sending: boolean; answered: boolean; undoing: boolean }): string {
  if (at.sending && at.undoing) return 'What your answer did is being undone…';
  if (at.sending) return 'Your answer is on its way. What it does shows here within seconds…';
  return at.answered ? 'Finding out what it did…' : 'Finding out what an answer would do…';
}

function Said({ receipt, anomaly }: { receipt: Receipt; anomaly: Anomaly }) {
  return (
    <>
      <ul className={styles.sentences}>
        {receipt.sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <ReceiptLinks receipt={receipt} anomaly={anomaly} />
    </>
  );
}
