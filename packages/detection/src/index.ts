export { mostKinds } from './anomalies/alarm-kinds.ts';
export {
  type FalseAlarmMemory,
  isExplainedBy,
  likeTaught,
  type QuietPattern,
  type SignalEvidence,
  type TaughtPattern,
} from './anomalies/alarm-pattern.ts';
export type { DetectionEngine, EngineOptions, SeriesStatus } from './detection-engine.ts';
export {
  builtInModel,
  type DetectionModel,
  type ErrorTail,
  type ModelCalibration,
  type ModelReference,
} from './detection-model.ts';
export {
  type AnomalyPolicy,
  type DetectionSettings,
  defaultPolicy,
  defaultSettings,
  detectionSettings,
  inputWidth,
  unitWidth,
} from './detection-settings.ts';
export { Engine } from './engine.ts';
export {
  type AnomalyChange,
  type EngineFigures,
  type EngineResult,
  type LateReading,
  ReadingFlag,
  type ScoredBlock,
  type SignalShare,
} from './engine-result.ts';
export type { Network } from './network.ts';
export { addFigures, noFigures } from './reading-figures.ts';
export { hideNewestRows, type ReplayRequest, replayWindows } from './replay-windows.ts';
export type { SeriesBlock } from './series-block.ts';
export { errorTail } from './signal/error-tail.ts';
export { quantile } from './signal/quantile.ts';
export { atOnce, inSlices, type Sliced } from './state/sliced.ts';
export { SnapshotError } from './state/state-codec.ts';
