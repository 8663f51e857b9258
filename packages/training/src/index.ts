export {
  TooLittleHistoryError,
  type TrainingProgress,
  type TrainingRequest,
  type TrainingResult,
  train,
} from './train.ts';
export type { TrainingBlock } from './window-sample.ts';
