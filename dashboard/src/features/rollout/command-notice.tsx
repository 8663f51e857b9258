import { Icon } from '../../components/icon.tsx';
import type { CommandStatus } from './command-status.ts';
import styles from './rollout.module.css';

const icons = { asked: 'more', obeyed: 'check', refused: 'warning' } as const;

/** What came of the newest command; told to screen readers when it changes. */
export function CommandNotice({ status }: { status: CommandStatus }) {
  return (
    <p
      className={styles.command}
      data-state={status.state}
      role={status.state === 'refused' ? 'alert' : 'status'}
    >
      <Icon name={icons[status.state]} size={14} />
      <span>{status.text}</span>
    </p>
  );
}
