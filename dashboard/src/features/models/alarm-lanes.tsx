import type { ComparedSeries } from '@verdict/contracts';
import { plotMargin, valueAxisWidth } from '../../components/charts/time-scale.ts';
import { versionMark } from '../../lib/version-text.ts';

const laneHeight = 16;

/** Below the scores: for each version a lane with a mark at every judged stretch, full where it alarms. */
export function AlarmLanes(props: {
  judged: ComparedSeries['judged'];
  bounds: { fromMs: number; toMs: number };
  widthPx: number;
  champion: number;
  candidate: number;
}) {
  const { bounds, judged, widthPx } = props;
  if (judged.length === 0) return null;
  const left = plotMargin.left + valueAxisWidth;
  const plotPx = widthPx - left - plotMargin.right;
  const xOf = ({ fromMs, toMs }: { fromMs: number; toMs: number }) =>
    left + (((fromMs + toMs) / 2 - bounds.fromMs) / (bounds.toMs - bounds.fromMs)) * plotPx;
  const lanes = [
    { who: 'championAlarms', version: props.champion },
    { who: 'candidateAlarms', version: props.candidate },
  ] as const;
  return (
    <svg
      width={widthPx}
      height={AlarmLanes.height(judged.length)}
      aria-hidden="true"
      focusable="false"
      style={{ display: 'block' }}
    >
      {lanes.map(({ who, version }, lane) => {
        const y = laneHeight * (lane + 0.5) + 2;
        return (
          <g key={who}>
            <text x={left - 8} y={y + 4} textAnchor="end" fontSize="11" fill="var(--text-muted)">
              {versionMark(version)} alarms
            </text>
            <line x1={left} x2={left + plotPx} y1={y} y2={y} stroke="var(--line)" />
            {judged.map((stretch) => (
              <path
                key={`${stretch.fromMs} ${stretch.kind}`}
                d={
                  stretch[who]
                    ? `M${xOf(stretch)} ${y - 6}l6 11h-12z`
                    : `M${xOf(stretch) - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0`
                }
                fill={stretch[who] ? 'var(--chart-anomaly)' : 'var(--surface)'}
                stroke={stretch[who] ? 'var(--chart-anomaly)' : 'var(--text-muted)'}
                strokeWidth="1.4"
              />
            ))}
          </g>
        );
      })}
    </svg>
  );
}

/** Height of the lanes in pixels; none without a judged stretch. */
AlarmLanes.height = (judged: number): number => (judged === 0 ? 0 : 2 * laneHeight + 6);
