import { spawnSync } from 'node:child_process';

/** The Prometheus that tests start: `VERDICT_PROMETHEUS`, or the one on the PATH. */
export const prometheusBinary = process.env.VERDICT_PROMETHEUS ?? 'prometheus';

/** For `test(title, { skip: prometheusMissing }, …)`: false, or why none can be started. */
export const prometheusMissing: string | false =
  spawnSync(prometheusBinary, ['--version'], { stdio: 'ignore' }).status !== 0 &&
  'no Prometheus: put it on the PATH (Debian’s package prometheus), or name it in VERDICT_PROMETHEUS';

if (prometheusMissing !== false)
  console.error(`
************************************************************************************************
* Skipped: remote write by a real Prometheus. It needs the program prometheus on the PATH
* (Debian’s package prometheus, or any release), or its place in VERDICT_PROMETHEUS.
************************************************************************************************`);
