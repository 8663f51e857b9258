import type { ApiKeyView } from '@verdict/contracts';
import { Button } from '../../components/button.tsx';
import { useNow } from '../../components/use-now.ts';
import { isGood, keyBeginning, keyEnd, keyScope, keyUse } from '../../lib/key-text.ts';
import { formatUtc } from '../../lib/time-text.ts';
import styles from './keys.module.css';

const columns = ['Who', 'Key', 'Sends', 'Last used', 'Good', 'What to do'];

/** The keys, one per row; on narrow screens one below the other. */
export function KeysTable(props: {
  items: readonly ApiKeyView[];
  onRotate: (key: ApiKeyView) => void;
  onRevoke: (key: ApiKeyView) => void;
}) {
  const nowMs = useNow(30_000);
  return (
    <table className={styles.table} aria-label="API keys">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.items.map((item) => (
          <tr key={item.id} data-good={isGood(item)}>
            <th scope="row" title={`made by ${item.createdBy}, ${formatUtc(Date.parse(item.createdAt))}`}>
              {item.name}
            </th>
            <td data-column="Key">
              <code>{keyBeginning(item)}</code>
            </td>
            <td data-column="Sends">{keyScope(item)}</td>
            <td data-column="Last used">{keyUse(item, nowMs)}</td>
            <td
              data-column="Good"
              title={item.expiresAt === null ? undefined : formatUtc(Date.parse(item.expiresAt))}
            >
              {keyEnd(item, nowMs)}
            </td>
            <td>
              {isGood(item) && (
                <div className={styles.actions}>
                  {item.successor === null && (
                    <Button
                      aria-label={`Rotate the key of ${item.name}`}
                      onClick={() => props.onRotate(item)}
                    >
                      Rotate
                    </Button>
                  )}
                  <Button
                    aria-label={`Revoke ${keyBeginning(item)} of ${item.name}`}
                    onClick={() => props.onRevoke(item)}
                  >
                    Revoke
                  </Button>
                </div>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
