import type { ComparedSeries } from '@verdict/contracts';
import { useId } from 'react';
import { LegendKey } from '../../components/charts/legend-key.tsx';
import { MissedHatch } from '../../components/charts/marked-areas.tsx';
import { versionMark } from '../../lib/version-text.ts';
import { judgedWords } from './judged-table.tsx';

type Judged = ComparedSeries['judged'];

/** What the lines and areas of a comparison mean; of the kinds of stretches those that are there. */
export function ComparisonLegend(props: { champion: number; candidate: number; judged: Judged }) {
  const hatch = useId();
  const kinds = new Set(props.judged.map(({ kind }) => kind));
  const look = (kind: Judged[number]['kind']) =>
    kind === 'confirmed'
      ? { fill: 'var(--chart-anomaly)', fillOpacity: 0.2, stroke: 'var(--chart-anomaly)' }
      : kind === 'missed'
        ? { fill: `url(#${hatch})`, stroke: 'var(--chart-missed)' }
        : {
            fill: 'var(--chart-quieted)',
            fillOpacity: 0.12,
            stroke: 'var(--chart-quieted)',
            strokeDasharray: '3 3',
          };
  return (
    <>
      <LegendKey text={`${versionMark(props.candidate)} candidate`}>
        <line x1="0" x2="18" y1="5" y2="5" stroke="var(--chart-score)" strokeWidth="2" />
      </LegendKey>
      <LegendKey text={`${versionMark(props.champion)} champion`}>
        <line
          x1="0"
          x2="18"
          y1="5"
          y2="5"
          stroke="var(--text-muted)"
          strokeWidth="1.6"
          strokeDasharray="4 2"
        />
      </LegendKey>
      {(['confirmed', 'false-alarm', 'missed'] as const)
        .filter((kind) => kinds.has(kind))
        .map((kind) => (
          <LegendKey key={kind} text={judgedWords[kind]}>
            <defs>
              <MissedHatch id={hatch} />
            </defs>
            <rect x="0.5" y="0.5" width="17" height="9" {...look(kind)} />
          </LegendKey>
        ))}
    </>
  );
}
