import { ApiError, Unreachable } from '../api/client.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import styles from './notice.module.css';

/** Says what went wrong, in the server's words, and offers to try again. */
export function ProblemNotice({
  what,
  error,
  onRetry,
}: {
  what: string;
  error: unknown;
  onRetry?: () => void;
}) {
  const problem = error instanceof ApiError ? error.problem : null;
  const detail =
    error instanceof Unreachable
      ? `${error.message}. Nothing is lost: what was shown before stays.`
      : (problem?.detail ?? problem?.title ?? (error instanceof Error ? error.message : String(error)));
  return (
    <div className={styles.notice} role="alert">
      <Icon name="warning" />
      <div className={styles.body}>
        <p className={styles.title}>{what}</p>
        {error !== undefined && <p>{detail}</p>}
        {problem?.errors !== undefined && (
          <ul className={styles.errors}>
            {problem.errors.slice(0, 5).map((item) => (
              <li key={`${item.field} ${item.message}`}>
                {item.field !== '' && <code>{item.field}</code>} {item.message}
              </li>
            ))}
          </ul>
        )}
      </div>
      {onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>}
    </div>
  );
}
