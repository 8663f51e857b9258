import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandContext } from '../command-context.ts';
import { CommandFailure, UsageFailure } from '../failure.ts';
import { progressOn } from '../progress.ts';
import { textTable } from '../table.ts';
import { writeLine } from '../write-line.ts';
import { backtestFile, type FileSummary } from './backtest-file.ts';
import { type BacktestSettings, settingsOf, shownSettings } from './backtest-settings.ts';
import { findCsvFiles } from './find-csv-files.ts';
import { openGivenVersion } from './given-version.ts';
import { plotSvg } from './plot-svg.ts';
import { PlotTrace } from './plot-trace.ts';
import { type ScoredSink, sinkToFile, sinkToStream } from './scored-file.ts';

/** A call of `verdict backtest`. */
export interface BacktestRequest {
  readonly given: string;
  readonly out: string | undefined;
  readonly plot: string | undefined;
  readonly json: boolean;
  /** `trained`, `built-in`, or where a version lies, which then says signals, window and recurring itself. */
  readonly model: string;
  readonly settings: Omit<BacktestSettings, 'model'>;
  readonly onBadRow: 'refuse' | 'skip';
}

interface ReadyRequest extends BacktestRequest {
  readonly settings: BacktestSettings;
}

const mostPlottedSignals = 8;

/** Runs the engine over a file, or over every file of a folder one after the other. */
export async function runBacktest(context: CommandContext, request: BacktestRequest): Promise<void> {
  const { model, settings } = request;
  if (model === 'trained' || model === 'built-in')
    return runFiles(context, { ...request, settings: { ...settings, model } });
  const version = await openGivenVersion(model);
  try {
    const own = { ...settingsOf(version), model: version };
    await runFiles(context, { ...request, settings: { ...settings, ...own } });
  } finally {
    await version.close();
  }
}

async function runFiles(context: CommandContext, request: ReadyRequest): Promise<void> {
  const { given, out, json } = request;
  const { root, names, folder } = await findCsvFiles(given, out);
  if (folder && out === undefined && !json)
    throw new UsageFailure('A folder needs --out FOLDER, where a file is written for each of its files.');
  const progress = progressOn(context);
  const done: (FileSummary & { file: string; out: string | null })[] = [];
  const failed: string[] = [];
  for (const name of names) {
    const target = out === undefined ? null : folder ? path.join(out, name) : out;
    const plot = request.plot === undefined ? null : folder ? plotIn(request.plot, name) : request.plot;
    try {
      const file = path.join(root, name);
      const summary = await backtestOne(context, { ...request, file, target, plot }, progress.say);
      done.push({ file: folder ? name : file, out: target, ...summary });
    } catch (error) {
      // One file that cannot be used must not cost the others their run.
      if (!folder || !(error instanceof CommandFailure)) throw error;
      failed.push(name);
      progress.say(`verdict: ${error.message}`);
    }
    progress.show(() => `${done.length + failed.length} of ${names.length} files`);
  }
  progress.end();
  if (json)
    await writeLine(
      context.stdout,
      JSON.stringify({ settings: shownSettings(request.settings), files: done, failed }),
    );
  else await writeLine(out === undefined ? context.stderr : context.stdout, summaryTable(done));
  if (failed.length > 0)
    throw new CommandFailure(
      `${failed.length} of ${names.length} files could not be used: ${failed.join(', ')}.`,
    );
}

function plotIn(folder: string, name: string): string {
  return path.join(folder, name.replace(/\.csv(\.gz)?$/i, '.svg'));
}

async function backtestOne(
  { stdout, signal }: CommandContext,
  request: Omit<ReadyRequest, 'plot'> & { file: string; target: string | null; plot: string | null },
  tell: (sentence: string) => void,
): Promise<FileSummary> {
  const { file, target, plot, settings, onBadRow } = request;
  const trace = plot === null ? null : new PlotTrace();
  // Opened with the first readings: a file that cannot be used leaves none behind.
  let sink: ScoredSink | null = null;
  try {
    const summary = await backtestFile({
      file,
      settings,
      onBadRow,
      signal,
      tell,
      async onScored(part) {
        trace?.add(part);
        if (target === null && request.json) return;
        sink ??= target === null ? await sinkToStream(stdout) : await sinkToFile(target);
        await sink.write(part.readings);
      },
    });
    await (sink as ScoredSink | null)?.end();
    if (plot !== null && trace !== null) {
      await mkdir(path.dirname(plot), { recursive: true });
      await writeFile(plot, plotSvg(path.basename(file), trace.picture(mostPlottedSignals)));
    }
    return summary;
  } catch (error) {
    await (sink as ScoredSink | null)?.abandon();
    throw error;
  }
}

function summaryTable(files: readonly (FileSummary & { file: string })[]): string {
  const heading = [
    'FILE',
    'READINGS',
    'SIGNALS',
    'ANOMALIES',
    'IN ANOMALIES',
    'MALFORMED',
    'REFUSED',
    'NETS',
  ];
  const rows = files.map((one) =>
    [
      one.file,
      one.readings,
      one.signals,
      one.anomalies,
      one.inAnomalies,
      one.malformed,
      one.refused,
      one.trainings,
    ].map(String),
  );
  return textTable(heading, rows);
}
