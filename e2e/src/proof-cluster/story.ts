import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KubeObject } from './kube.ts';
import { resultFolder } from './result-folder.ts';
import type { Run } from './run.ts';

/** What has to be told in the course of this proof, by kind. */
const reasons = {
  AnomalyModel: ['TrainingStarted', 'TrainingSucceeded', 'ConfidenceBad', 'VersionServes'],
  DetectorPool: ['RolloutStarted', 'StepStarted', 'Promoted', 'AnalysisFailed', 'TakenBack'],
};

type Event = KubeObject & {
  readonly reason: string;
  readonly message: string;
  /** What `kubectl describe` sorts by. */
  readonly lastTimestamp: string | null;
  readonly involvedObject: { readonly kind: string };
};

/** What `kubectl describe` shows of model and pool reads as a log of decisions; all of it goes into a file. */
export async function readStory(run: Run): Promise<void> {
  const { kube, steps } = run;
  const text = await kube.text(['describe', 'anomalymodels,detectorpools']);
  await writeFile(path.join(await resultFolder(), 'describe.txt'), text);
  for (const [kind, wanted] of Object.entries(reasons)) {
    const events = (await kube.list('events', [
      `--field-selector=involvedObject.kind=${kind}`,
    ])) as readonly Event[];
    const told = new Set(events.map(({ reason }) => reason));
    const missing = wanted.filter((reason) => !told.has(reason));
    steps.must(missing.length === 0, `no Event of the ${kind} says ${missing.join(', ')}`);
    const unsorted = events.filter(({ lastTimestamp }) => !lastTimestamp);
    steps.must(
      unsorted.length === 0,
      `kubectl describe cannot sort ${unsorted.length} Events of the ${kind}: they have no time of their newest repeat`,
    );
    for (const { lastTimestamp, reason, message } of events.toSorted(byTime))
      steps.tell(`${lastTimestamp?.slice(11, 19)} ${kind} ${reason}: ${cut(message)}`);
  }
}

function byTime(a: Event, b: Event): number {
  return Date.parse(a.lastTimestamp ?? '') - Date.parse(b.lastTimestamp ?? '');
}

function cut(message: string): string {
  return message.length > 150 ? `${message.slice(0, 150)}…` : message;
}
