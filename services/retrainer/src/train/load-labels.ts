import type { LabelledAnomaly, LabelStore } from '@verdict/storage';

/** A stretch that people reported as an anomaly that nothing alarmed on. */
export interface MissedStretch {
  readonly id: string;
  readonly series: string;
  /** Epoch ms, both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** What people said about the history of a model. */
export interface TrainingLabels {
  /** All anomalies that overlap the history, judged or not; newest first. */
  readonly anomalies: readonly LabelledAnomaly[];
  /** Reports on the model's series. */
  readonly missed: readonly MissedStretch[];
  /** Sequence number of the newest record of a verdict on any of the anomalies; 0 = none. */
  readonly lastVerdict: number;
  /** Whether older anomalies or reports were left out because there are too many. */
  readonly cutShort: boolean;
}

/** Anomalies that are read at most, the newest ones; readings that alarmed are never learnt anyway. */
const defaultMostAnomalies = 20_000;
/** Reports that are read at most, those that start last. */
const defaultMostMissed = 5000;

/** Loads what people said about a stretch of a model's history. */
export async function loadLabels(request: {
  labels: Pick<LabelStore, 'anomalies' | 'missed' | 'verdicts'>;
  namespace: string;
  model: string;
  fromMs: number;
  toMs: number;
  /** Series of the model: reports on others are not for it. */
  series: ReadonlySet<string>;
  mostAnomalies?: number;
  mostMissed?: number;
}): Promise<TrainingLabels> {
  const { labels, namespace, model, fromMs, toMs, series } = request;
  const { mostAnomalies = defaultMostAnomalies, mostMissed = defaultMostMissed } = request;
  const anomalies = await labels.anomalies({ namespace, model, fromMs, toMs, limit: mostAnomalies });
  const reports = await labels.missed({ fromMs, toMs, limit: mostMissed });
  let lastVerdict = 0;
  for (const version of new Set(anomalies.map((anomaly) => anomaly.version))) {
    const [newest] = await labels.verdicts({ namespace, model, version, limit: 1 });
    lastVerdict = Math.max(lastVerdict, newest?.sequence ?? 0);
  }
  return {
    anomalies,
    missed: reports
      .filter((report) => series.has(report.series))
      .map(({ id, series: on, from, to }) => ({
        id,
        series: on,
        fromMs: Date.parse(from),
        toMs: Date.parse(to),
      })),
    lastVerdict,
    cutShort: anomalies.length >= mostAnomalies || reports.length >= mostMissed,
  };
}
