export { backtestFile, type FileSummary, type ScoredPart } from './backtest-file.ts';
export {
  type BacktestSettings,
  defaultBacktest,
  firstTrainingReadings,
  mostHistoryReadings,
} from './backtest-settings.ts';
export { type CsvFiles, findCsvFiles } from './find-csv-files.ts';
export { streamScore } from './scored-file.ts';
