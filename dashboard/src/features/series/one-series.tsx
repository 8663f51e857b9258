import { getRouteApi, useParams } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useAnomaliesInRange } from '../../api/anomalies.ts';
import { useTrack } from '../../api/history.ts';
import { useMissed } from '../../api/missed.ts';
import { useIsAdmin, useMayJudge, usePerson } from '../../api/services.ts';
import { BackLink } from '../../components/back-link.tsx';
import { ChartsMessage } from '../../components/charts/lazy-charts.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { suggestedStretch } from '../../lib/missed-text.ts';
import { formatNumber } from '../../lib/quantity.ts';
import { boundsOf, rangeOf, type TimeRange } from '../../lib/time-range.ts';
import { newestIs } from '../../lib/track.ts';
import { AnomaliesInRange } from './anomalies-in-range.tsx';
import { MissedReports } from './missed-reports.tsx';
import { RangeTools } from './range-tools.tsx';
import { SelectionBar } from './selection-bar.tsx';
import styles from './series.module.css';
import { StackedCharts } from './stacked-charts.tsx';
import { useChartMarks } from './use-chart-marks.ts';
import { useSelection } from './use-selection.ts';

const route = getRouteApi('/signed-in/ui/series');

/** One series: all its signals over the chosen range, with its anomalies. */
export default function OneSeries() {
  const series = useParams({ strict: false })._splat ?? '';
  return series === '' ? null : <SeriesDetail key={series} series={series} />;
}

function SeriesDetail({ series }: { series: string }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { range: preset, from, to } = search;
  const range = useMemo(() => rangeOf({ range: preset, from, to }), [preset, from, to]);
  const minuteMs = Math.ceil(useNow(10_000) / 60_000) * 60_000;
  const asked = useMemo(() => boundsOf(range, minuteMs), [range, minuteMs]);
  const { query, history, track } = useTrack(series, range);
  const anomalies = useAnomaliesInRange(series, asked);
  const reports = useMissed(series, asked);
  const [openedAtMs] = useState(() => Date.now());
  const person = usePerson();
  const mayReport = useMayJudge();
  const isAdmin = useIsAdmin();
  const chosen = useSelection(reports.data);
  const marks = useChartMarks({
    anomalies: anomalies.data?.items,
    reports: reports.data,
    person,
    selection: chosen.selection,
    onSelect: chosen.select,
  });

  const setRange = useCallback(
    (next: TimeRange) =>
      void navigate({
        to: '/ui/series/$',
        params: { _splat: series },
        search: (known) =>
          next.kind === 'last'
            ? { q: known.q, range: next.preset }
            : {
                q: known.q,
                from: new Date(next.fromMs).toISOString(),
                to: new Date(next.toMs).toISOString(),
              },
      }),
    [navigate, series],
  );

  const newestMs = track?.times.at(-1) ?? null;
  // A moving range ends with its newest reading, as long as that is recent; else now, so that silence is seen.
  const endMs =
    newestMs !== null && minuteMs - newestMs < 120_000
      ? newestMs
      : Math.min(minuteMs, Math.max(Date.now(), openedAtMs));
  const bounds = range.kind === 'fixed' ? asked : boundsOf(range, endMs);
  return (
    <div className={styles.one}>
      <BackLink to="/ui/series" search={(known) => known}>
        All series
      </BackLink>
      <div className={styles.title}>
        <h2>{series}</h2>
        {history !== undefined && (
          <span className={styles.muted}>
            {formatNumber(history.readings)} readings in this range
            {history.downsampled && ', drawn with their extremes'}
            {track !== null && newestIs(track, 'warming') && ' · warming up'}
            {track !== null && newestIs(track, 'provisional') && ' · scores are provisional'}
          </span>
        )}
      </div>
      <RangeTools
        range={range}
        bounds={bounds}
        onChange={setRange}
        onReport={mayReport ? () => chosen.report(suggestedStretch(bounds)) : undefined}
      />
      {history?.complete === false && (
        <p className={styles.muted} role="status">
          The newest minutes are missing: the detector that holds them could not be asked.
        </p>
      )}
      {query.isError && history === undefined && (
        <ProblemNotice
          what="This series could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.isPending && <ChartsMessage height={260} text="Reading the series…" />}
      {track !== null && history !== undefined && (
        <StackedCharts
          series={series}
          track={track}
          threshold={history.threshold}
          bounds={bounds}
          marks={marks}
        />
      )}
      <AnomaliesInRange query={anomalies} />
      <MissedReports
        query={reports}
        person={person}
        mayReport={mayReport}
        isAdmin={isAdmin}
        awaited={chosen.sent}
      />
      {chosen.selection !== null && (
        <SelectionBar
          series={series}
          selection={chosen.selection}
          anomalies={anomalies.data?.items ?? []}
          reporting={chosen.reporting}
          onReport={mayReport ? () => chosen.report(bounds) : undefined}
          onSelect={chosen.select}
          onZoom={(zoomed) => {
            chosen.clear();
            setRange({ kind: 'fixed', ...zoomed });
          }}
          onClose={chosen.clear}
          onReported={chosen.done}
        />
      )}
    </div>
  );
}
