import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { resultFolder, resultsIn } from './result-folder.ts';
import { runScenario } from './run-scenario.ts';
import { Steps } from './steps.ts';

const resultFile = `${resultsIn}/result.json`;

/** Runs the proof with the cluster that KUBECONFIG names, writes the result, and says it in one line. */
export async function proveInside(given: {
  tag: string;
  namespace: string;
  keep: boolean;
  minutes: number;
  stop: AbortController;
}): Promise<number> {
  const { stop, minutes, ...options } = given;
  const steps = new Steps((line) => console.log(line));
  const late = setTimeout(
    () => stop.abort(new Error(`it took longer than ${minutes} minutes`)),
    minutes * 60_000,
  );
  try {
    await runScenario({ ...options, signal: stop.signal }, steps);
  } catch (error) {
    const told = stop.signal.aborted ? stop.signal.reason : error;
    steps.must(false, `it did not come to its end: ${told instanceof Error ? told.message : told}`);
    if (!stop.signal.aborted) console.error(error);
  } finally {
    clearTimeout(late);
  }
  const { records, figures, violations, seconds } = steps;
  const file = path.join(await resultFolder(), 'result.json');
  const result = { holds: violations.length === 0, seconds, steps: records, figures, violations };
  await writeFile(file, `${JSON.stringify(result, null, 1)}\n`);
  for (const { title, seconds: took } of records) console.log(`${took.toFixed(1).padStart(7)} s  ${title}`);
  console.log(
    violations.length === 0
      ? `HOLDS: the whole loop on Kubernetes in ${seconds} s, ${records.length} steps (${resultFile})`
      : `VIOLATED after ${seconds} s: ${violations.join('; ')} (${resultFile})`,
  );
  return violations.length === 0 ? 0 : 1;
}
