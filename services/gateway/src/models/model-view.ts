import type { ModelTrust, ModelView, TrainingRunView } from '@verdict/contracts';
import type { ModelRow, VersionRow, VersionSummaryRow } from '@verdict/storage';

/** What a model's view is made of. */
export interface ModelFacts {
  readonly model: ModelRow;
  readonly versions: readonly VersionSummaryRow[];
  readonly trainings: readonly TrainingRunView[];
  readonly champion: number;
  /** Version → when it first scored for people, epoch ms. */
  readonly servedSinceMs: ReadonlyMap<number, number>;
  readonly history: { readonly series: number; readonly readings: number } | undefined;
  readonly anomalies: ModelView['anomalies'] | undefined;
  readonly trust: ModelTrust | null;
  readonly asked: string | null;
}

/** Puts a model's view together. Version 0 is built in: it is not listed. */
export function modelView(facts: ModelFacts): ModelView {
  const { model, versions, trainings, champion, servedSinceMs, history, anomalies, trust, asked } = facts;
  return {
    namespace: model.namespace,
    name: model.name,
    spec: model.spec,
    champion,
    versions: versions.map((row) => versionView(row, servedSinceMs)),
    trainings: [...trainings],
    series: history?.series ?? 0,
    readings: history?.readings ?? 0,
    anomalies: anomalies ?? { total: 0, lastDay: 0, judgedTrue: 0, judgedFalse: 0 },
    trust,
    asked,
  };
}

/** A version as it is shown, with whatever of its manifest the row has. */
export function versionView<Row extends VersionRow | VersionSummaryRow>(
  { version, state, createdAtMs, manifest, evaluation }: Row,
  servedSinceMs: ReadonlyMap<number, number>,
) {
  return {
    version,
    state,
    createdAt: new Date(createdAtMs).toISOString(),
    manifest: manifest as Row['manifest'],
    evaluation,
    servesSince: isoOrNull(servedSinceMs.get(version)),
  };
}

function isoOrNull(atMs: number | undefined): string | null {
  return atMs === undefined ? null : new Date(atMs).toISOString();
}
