import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { History, type ScoredReadings } from '@verdict/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { boundsOf, type TimeRange } from '../lib/time-range.ts';
import { appendReadings, type Track, trackOf } from '../lib/track.ts';
import type { ApiClient } from './client.ts';
import { useServices } from './services.ts';

const points = 1000;
/** Live readings go into the charts this often at most. */
const batchMs = 500;
/** A tail of this many readings is folded into a new, down-sampled history. */
const longestTail = 1500;

/** History of one series. `toMs` null: to the moment of asking; `range` names a moving one. */
export function historyOptions(
  client: ApiClient,
  series: string,
  range: TimeRange | { kind: 'since'; fromMs: number },
) {
  return queryOptions({
    queryKey: ['history', series, range] as const,
    queryFn: ({ signal }) => {
      const bounds =
        range.kind === 'since' ? { fromMs: range.fromMs, toMs: null } : boundsOf(range, Date.now());
      return client.get(`/series/${encodeURIComponent(series)}/history`, {
        answer: History,
        query: {
          from: new Date(bounds.fromMs).toISOString(),
          to: bounds.toMs === null ? undefined : new Date(bounds.toMs).toISOString(),
          points,
        },
        signal,
      });
    },
    staleTime: range.kind === 'fixed' ? 60_000 : 0,
    placeholderData: keepPreviousData,
  });
}

/** A series' track over a range; one that ends now follows live readings. */
export function useTrack(series: string, range: TimeRange | { kind: 'since'; fromMs: number }) {
  const { client, live } = useServices();
  const query = useQuery(historyOptions(client, series, range));
  const following = range.kind !== 'fixed';
  const [tail, setTail] = useState<readonly ScoredReadings[]>([]);
  const history = query.data?.series === series ? query.data : undefined;
  const { refetch } = query;
  const tailLength = useRef(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a history read anew contains what the tail brought
  useEffect(() => {
    tailLength.current = 0;
    setTail([]);
  }, [history]);

  useEffect(() => {
    if (!following) return;
    const unwatch = live.watch(series);
    let waiting: ScoredReadings[] = [];
    const leaveReadings = live.on('readings', (message) => {
      if (message.series === series) waiting.push(message);
    });
    const leaveConnected = live.onConnected(() => void refetch());
    const timer = setInterval(() => {
      if (waiting.length === 0) return;
      const arrived = waiting;
      waiting = [];
      tailLength.current += arrived.reduce((sum, message) => sum + message.times.length, 0);
      setTail((known) => [...known, ...arrived]);
      if (tailLength.current > longestTail) void refetch();
    }, batchMs);
    return () => {
      clearInterval(timer);
      leaveReadings();
      leaveConnected();
      unwatch();
    };
  }, [live, series, following, refetch]);

  const track = useMemo<Track | null>(() => {
    if (history === undefined) return null;
    const base = trackOf(history);
    const spanMs = Date.parse(history.to) - Date.parse(history.from);
    const newest = tail.at(-1)?.times.at(-1);
    const dropBefore =
      range.kind === 'last' && newest !== undefined ? newest - spanMs : Number.NEGATIVE_INFINITY;
    return tail.reduce((known, readings) => appendReadings(known, readings, dropBefore), base);
  }, [history, tail, range.kind]);

  return { query, history, track };
}
