import { spawnSync } from 'node:child_process';

/** For `test(title, { skip: promtoolMissing }, …)`: false, or why rules cannot be checked. */
export const promtoolMissing: string | false =
  spawnSync('promtool', ['--version'], { stdio: 'ignore' }).status !== 0 &&
  'no promtool: put it on the PATH (Debian’s package prometheus has it)';

if (promtoolMissing !== false)
  console.error(`
************************************************************************************************
* Skipped: the grammar of alert rules and dashboards. It needs the program promtool on the PATH
* (Debian’s package prometheus, or any release of Prometheus).
************************************************************************************************`);

/** Runs promtool. @returns what it said when it found something wrong */
export function promtool(...args: string[]): string | undefined {
  const run = spawnSync('promtool', args, { encoding: 'utf8', timeout: 300_000 });
  if (run.error) throw run.error;
  return run.status === 0 ? undefined : `${run.stdout}${run.stderr}`;
}
