import { Link } from '@tanstack/react-router';
import type { Anomaly, Receipt } from '@verdict/contracts';
import { useState } from 'react';
import { useAnomalies } from '../../api/anomalies.ts';
import { useNow } from '../../components/use-now.ts';
import { flattenPages } from '../../lib/anomaly-list.ts';
import { similarLinks } from '../../lib/receipt-text.ts';
import { formatDateTime, formatMoment } from '../../lib/time-text.ts';
import styles from './detail.module.css';

const firstLinks = 4;

/** From a receipt to what it speaks of: the version that learnt from it, and the alarms like it. */
export function ReceiptLinks({ receipt, anomaly }: { receipt: Receipt; anomaly: Anomaly }) {
  const [all, setAll] = useState(false);
  const nowMs = useNow(60_000);
  const listing = useAnomalies({ series: anomaly.series });
  const links = similarLinks(receipt, flattenPages(listing.data?.pages ?? []));
  const shown = all ? links : links.slice(0, firstLinks);
  if (links.length === 0 && receipt.learntBy === null) return null;
  return (
    <div className={styles.receiptLinks}>
      {receipt.learntBy !== null && (
        <span>
          Learnt by{' '}
          <Link to="/ui/models/$name" params={{ name: anomaly.model }}>
            {anomaly.model} version {receipt.learntBy.version}
          </Link>{' '}
          <span className={styles.muted}>({learntState(receipt.learntBy)})</span>
        </span>
      )}
      {links.length > 0 && (
        <span className={styles.similar}>
          <span id="similar-label">Alarms like it:</span>
          <ul aria-labelledby="similar-label">
            {shown.map((link) => (
              <li key={link.id}>
                <Link
                  from="/ui/inbox"
                  to="/ui/inbox"
                  search={(known) => ({ ...known, anomaly: link.id, signal: undefined })}
                >
                  {link.start === null ? link.id.slice(0, 8) : formatMoment(Date.parse(link.start), nowMs)}
                </Link>
              </li>
            ))}
          </ul>
          {links.length > shown.length && (
            <button type="button" className={styles.more} onClick={() => setAll(true)}>
              {links.length - shown.length} more
            </button>
          )}
        </span>
      )}
    </div>
  );
}

function learntState({ state, servesSince }: NonNullable<Receipt['learntBy']>): string {
  if (servesSince !== null) return `first served ${formatDateTime(Date.parse(servesSince))}`;
  return {
    candidate: 'being judged',
    accepted: 'accepted',
    refused: 'refused',
    aborted: 'taken back',
    retired: 'retired',
  }[state];
}
