export {
  type EvaluationEvidence,
  type EvaluationRequest,
  evaluate,
  type JudgedEvent,
  type VersionEvaluation,
} from './evaluate.ts';
export type { FitReport } from './fit-autoencoder.ts';
export { eventMargin, type KnownEvent } from './known-event.ts';
export { encodeOnnx } from './onnx/encode-onnx.ts';
export type { ShownSeries } from './shown-series.ts';
export { teachPatterns } from './teach-patterns.ts';
export {
  TooLittleHistoryError,
  type TrainingProgress,
  type TrainingRequest,
  type TrainingResult,
  train,
} from './train.ts';
export { RowMark, rowAt, type TrainingBlock } from './training-block.ts';
