import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from './checkout.ts';
import { endOf, outputOf } from './program.ts';

/** The chart as it was before its newest change. */
export interface PreviousChart {
  readonly folder: string;
  /** Short name of the commit that it is of. */
  readonly commit: string;
  remove(): Promise<void>;
}

const chartPath = 'charts/verdict';

/** Null where history does not reach so far back, as in a shallow clone or without git. */
export async function previousChart(): Promise<PreviousChart | null> {
  const git = (...args: string[]) => endOf('git', args, { cwd: root });
  const changed = (await git('status', '--porcelain', '--', chartPath)).stdout.trim() !== '';
  const newest = (await git('log', '-1', '--format=%H', '--', chartPath)).stdout.trim();
  const found = await git('rev-parse', '--verify', '--short', changed ? 'HEAD' : `${newest}^`);
  const commit = found.stdout.trim();
  if (found.code !== 0 || commit === '') return null;
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-chart-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const archive = path.join(folder, 'chart.tar');
    await outputOf('git', ['archive', `--output=${archive}`, commit, chartPath], { cwd: root });
    await outputOf('tar', ['-xf', archive, '-C', folder]);
    return { folder: path.join(folder, chartPath), commit, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
