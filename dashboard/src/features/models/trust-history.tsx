import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ModelView } from '@verdict/contracts';
import { useMemo } from 'react';
import { useTrustHistory } from '../../api/trust.ts';
import { ChartsMessage, ChartsPlace } from '../../components/charts/lazy-charts.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useNow } from '../../components/use-now.ts';
import { trustSpans } from '../../lib/model-search.ts';
import { TrustChart } from './lazy-charts.tsx';
import styles from './trust.module.css';
import { trustRows } from './trust-rows.ts';

const height = 230;
/** A chart that reaches until now is moved on this often. */
const moveMs = 15_000;

/** Confidence over time, of a span that the URL keeps. */
export function TrustHistory({ model }: { model: ModelView }) {
  const navigate = useNavigate();
  const { span: chosen = 'hour' } = useSearch({ strict: false });
  const span = trustSpans.find(({ value }) => value === chosen) ?? trustSpans[0];
  const lengthMs = span?.lengthMs ?? 0;
  const query = useTrustHistory(model, lengthMs);
  const nowMs = useNow(moveMs);
  const points = query.data;
  const bounds = useMemo(() => {
    // Points may be newer than the last time the clock was looked at.
    const newest = points?.at(-1);
    const toMs = Math.max(nowMs, newest === undefined ? 0 : Date.parse(newest.at));
    return { fromMs: toMs - lengthMs, toMs };
  }, [points, nowMs, lengthMs]);
  const rows = useMemo(() => trustRows(points ?? [], bounds), [points, bounds]);
  return (
    <section className={styles.section} aria-label="Confidence over time">
      <div className={styles.head}>
        <h3>Confidence over time</h3>
        <Segmented
          label="Span of the chart"
          value={chosen}
          choices={trustSpans}
          onChoose={(value) =>
            void navigate({
              to: '/ui/models/$name',
              params: { name: model.name },
              search: (before) => ({ ...before, span: value }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      </div>
      {query.isError && points === undefined ? (
        <ProblemNotice
          what="The history of trust could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : points === undefined ? (
        <ChartsMessage height={height} text="Reading the history…" />
      ) : rows.length === 0 ? (
        <ChartsMessage height={height} text="Nobody looked at this model in that time." />
      ) : (
        <ChartsPlace height={height}>
          <TrustChart
            rows={rows}
            bounds={bounds}
            target={model.spec.feedback.targetPrecision}
            height={height}
          />
        </ChartsPlace>
      )}
    </section>
  );
}
