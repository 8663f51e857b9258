export { type AcceptanceDecision, nominalAnomaliesPerThousand } from './acceptance.ts';
export { type Evaluation, type EvaluationRequest, evaluate, type VersionEvaluation } from './evaluate.ts';
export type { FitReport } from './fit-autoencoder.ts';
export {
  TooLittleHistoryError,
  type TrainingProgress,
  type TrainingRequest,
  type TrainingResult,
  train,
} from './train.ts';
export type { TrainingBlock } from './window-sample.ts';
