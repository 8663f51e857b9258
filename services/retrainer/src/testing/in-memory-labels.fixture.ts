import { AnomalyModelSpec, DetectorPoolSpec, type MissedReport } from '@verdict/contracts';
import type { LabelledAnomaly, LabelStore } from '@verdict/storage';
import type { ServedModelStores } from '../served-models.ts';

/** Labels of one model in memory; what is asked for another one is not there. */
export class InMemoryLabels implements Pick<LabelStore, 'anomalies' | 'missed' | 'verdicts' | 'reviews'> {
  readonly list: LabelledAnomaly[] = [];
  readonly reports: MissedReport[] = [];
  /** Records of verdicts by version, newest first. */
  readonly records = new Map<number, { sequence: number; atMs: number }[]>();
  /** Floods that were seen or reviewed. */
  reviewed = 0;
  /** Calls of `anomalies`. */
  reads = 0;

  async anomalies(request: Parameters<LabelStore['anomalies']>[0]): Promise<LabelledAnomaly[]> {
    this.reads += 1;
    if (request.model !== sampleModel.name) return [];
    return this.list
      .filter(({ series }) => request.series === undefined || series === request.series)
      .filter(({ startMs, endMs }) => startMs <= request.toMs && endMs >= request.fromMs)
      .sort((a, b) => b.startMs - a.startMs)
      .slice(0, request.limit);
  }

  async missed(): Promise<MissedReport[]> {
    return this.reports;
  }

  async verdicts(
    request: Parameters<LabelStore['verdicts']>[0],
  ): Promise<{ sequence: number; atMs: number }[]> {
    return (this.records.get(request.version) ?? []).slice(0, request.limit);
  }

  async reviews(): Promise<number> {
    return this.reviewed;
  }

  /** Puts an anomaly in the place of the one with its id. */
  put(anomaly: LabelledAnomaly): void {
    const at = this.list.findIndex(({ id }) => id === anomaly.id);
    if (at < 0) this.list.push(anomaly);
    else this.list[at] = anomaly;
  }
}

/** The model `shop`, for every series of the shop. */
export const sampleModel = {
  namespace: 'default',
  name: 'shop',
  spec: AnomalyModelSpec.parse({ series: ['shop/**'] }),
};
export const samplePool = {
  namespace: 'default',
  name: 'shop',
  spec: DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop' }),
};

/** One model, one pool. */
export const sampleServed: ServedModelStores = {
  registry: { models: async () => [sampleModel] },
  plans: { pools: async () => [samplePool] },
};
