import { parseArgs } from 'node:util';
import { onEndSignal } from '@verdict/process/end-signals';
import { upgradeKeepsData } from './upgrade-keeps-data.ts';

// Inside of a cluster's network, where kubectl and helm reach it; upgrade-keeps-data.kube.test.ts starts it there.
const { values } = parseArgs({
  options: {
    images: { type: 'string', default: 'dev' },
    namespace: { type: 'string', default: 'verdict-upgrade' },
    minutes: { type: 'string', default: '15' },
  },
});
const stop = new AbortController();
onEndSignal(() => stop.abort(new Error('it was asked to end')));
const late = setTimeout(
  () => stop.abort(new Error(`it took longer than ${values.minutes} minutes`)),
  Number(values.minutes) * 60_000,
);
try {
  const startedMs = performance.now();
  const { namespace, images: tag } = values;
  const tell = (line: string) =>
    console.log(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${line}`);
  await upgradeKeepsData({ namespace, tag, signal: stop.signal, tell });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  clearTimeout(late);
}
