import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useReadMarks } from '../../api/services.ts';
import { Button } from '../../components/button.tsx';
import { useNow } from '../../components/use-now.ts';
import { inboxRows } from '../../lib/inbox-rows.ts';
import { AnomalyRow } from './anomaly-row.tsx';
import styles from './list.module.css';
import type { InboxList } from './use-inbox-list.ts';

const heights = { day: 34, together: 26, anomaly: 54 };
/** Nearer to the top than this counts as at the top. */
const topPx = 24;

/** The list of anomalies; only the rows in sight are in the document. */
export function AnomalyList({ list, chosenId }: { list: InboxList; chosenId: string | undefined }) {
  const scroll = useRef<HTMLDivElement>(null);
  const readMarks = useReadMarks();
  const nowMs = useNow(60_000);
  const rows = useMemo(() => inboxRows(list.shown, nowMs), [list.shown, nowMs]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => heights[rows[index]?.kind ?? 'anomaly'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();

  const lastInSight = items.at(-1)?.index ?? -1;
  const { reachEnd } = list;
  useEffect(() => {
    if (lastInSight >= rows.length - 20) reachEnd();
  }, [lastInSight, rows.length, reachEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: heights are known by kind, but remembered by index until told
  useEffect(() => {
    virtual.measure();
  }, [virtual, rows]);

  const chosenRow = rows.findIndex((row) => row.key === chosenId);
  const latestRow = useRef(chosenRow);
  latestRow.current = chosenRow;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scroll when another one is chosen, not when the list grows
  useEffect(() => {
    if (latestRow.current >= 0) virtual.scrollToIndex(latestRow.current, { align: 'auto' });
  }, [chosenId]);

  const toTop = useCallback(() => {
    list.showHeld();
    scroll.current?.scrollTo({ top: 0 });
  }, [list]);

  return (
    <div className={styles.frame}>
      {list.held.length > 0 && (
        <button type="button" className={styles.pill} onClick={toTop}>
          {list.held.length} new
        </button>
      )}
      <div className="visually-hidden" aria-live="polite">
        {list.held.length > 0 ? `${list.held.length} new anomalies above` : ''}
      </div>
      <div
        ref={scroll}
        className={styles.scroll}
        onScroll={(event) => list.setAtTop(event.currentTarget.scrollTop < topPx)}
      >
        <ul className={styles.rows} aria-label="Anomalies" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <li key={item.key} style={{ height: item.size, transform: `translateY(${item.start}px)` }}>
                {row.kind === 'day' && <h2 className={styles.day}>{row.title}</h2>}
                {row.kind === 'together' && (
                  <div className={styles.together}>{row.series} series within one minute</div>
                )}
                {row.kind === 'anomaly' && (
                  <AnomalyRow
                    anomaly={row.anomaly}
                    chosen={row.anomaly.id === chosenId}
                    unread={!readMarks.isRead(row.anomaly)}
                    grouped={row.grouped}
                  />
                )}
              </li>
            );
          })}
        </ul>
        <div className={styles.end}>
          {list.query.isFetchingNextPage && <span role="status">Loading older ones…</span>}
          {list.mayGoOn && <Button onClick={list.goOn}>Look further back</Button>}
          {!list.query.hasNextPage && list.shown.length > 0 && 'Nothing older'}
        </div>
      </div>
    </div>
  );
}
