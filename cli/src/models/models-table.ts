import type { ModelView } from '@verdict/contracts';
import { fittingTable, shownEstimate, shownShare } from '../table.ts';

/** The models, one line each: what serves, whether it can be trusted, and what the newest training did. */
export function modelsTable(items: readonly ModelView[]): string {
  if (items.length === 0) return 'No models.';
  return fittingTable(
    ['MODEL', 'CHAMPION', 'CONFIDENCE', 'PRECISION', 'JUDGED', 'SERIES', 'ANOMALIES', 'NEWEST TRAINING'],
    items.map((item) => {
      const [training] = item.trainings;
      const quality = item.trust?.quality;
      return [
        item.name,
        `v${item.champion}`,
        item.trust?.confidence.state ?? '-',
        shownEstimate(quality?.precision ?? null),
        shownShare(quality?.labelCoverage ?? null),
        String(item.series),
        String(item.anomalies.total),
        training === undefined ? '-' : `${training.state}: ${training.message}`,
      ];
    }),
  );
}
