import { Icon, type IconName } from '../../components/icon.tsx';
import type { EvaluationReason } from './evaluation-reasons.ts';
import styles from './versions.module.css';

const icons: Record<EvaluationReason['kind'], IconName> = {
  passed: 'check',
  refused: 'false',
  note: 'comment',
};

/** The gates of a judgement one by one: passed, refused, and what else is to be known. */
export function ReasonList({ label, reasons }: { label: string; reasons: readonly EvaluationReason[] }) {
  return (
    <ul className={styles.reasons} aria-label={label}>
      {reasons.map((reason) => (
        <li key={`${reason.kind} ${reason.text}`} data-kind={reason.kind}>
          <Icon name={icons[reason.kind]} size={14} />
          <span>
            <strong>{reason.kind}</strong> {reason.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
