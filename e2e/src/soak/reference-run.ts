import { DetectorStatus, type PartitionPlan } from '@verdict/contracts';
import { createPlatformClient } from '@verdict/platform-client';
import type { VersionSpan } from '@verdict/storage';
import { until } from '../platform/until.ts';
import { type Results, readResults } from '../proof-stream/results.ts';
import type { Note } from './adapters/messages.ts';
import type { HarshRun } from './harsh-run.ts';
import { poolKey, referenceGroup } from './parts/environment.ts';
import type { RunningProcess } from './parts/running-process.ts';
import type { SoakPlatform } from './parts/soak-platform.ts';
import { type LearntVersion, publishVersions } from './versions.ts';

/** Longest time that one stage may take. */
const patienceMs = 600_000;

/** One partition on its way through what was in force. */
interface Course {
  readonly partition: string;
  readonly spans: readonly VersionSpan[];
  /** Last event. */
  readonly last: number;
  /** Index of the span that comes next. */
  next: number;
}

/** The undisturbed detector, and how it is led. */
interface Led {
  readonly platform: SoakPlatform;
  readonly environment: SoakPlatform['environment'];
  readonly detector: RunningProcess;
  readonly port: number;
  readonly token: string;
  readonly drained: ReadonlyMap<string, number>;
  readonly signal: AbortSignal;
}

/**
 * Lets one detector, on a database of its own, read the events that the run with faults had, undisturbed: each version,
 * shadow and false-alarm memory comes into force on each partition exactly at the event where it did there.
 */
export async function runUndisturbed(
  platform: SoakPlatform,
  harsh: HarshRun,
  context: { versions: readonly LearntVersion[]; signal: AbortSignal; say: (line: string) => void },
): Promise<Results> {
  const { signal, say, versions } = context;
  const drained = new Map<string, number>();
  const strayed: string[] = [];
  const { environment, detector } = await platform.addReference((note: Note) => {
    if (note.kind === 'drained') drained.set(note.partition, note.revision);
    if (note.kind === 'committed') strayed.push(...strayOf(note, harsh));
  });
  await platform.withStores(environment, (stores) =>
    publishVersions(
      {
        stores,
        blobsUrl: environment.variables.VERDICT_BLOBS_URL ?? '',
        partitions: harsh.spans.size,
        consumerGroup: referenceGroup,
        signals: harsh.scenario.signals,
      },
      versions,
    ),
  );
  const port = await detector.start();
  const token = await platform.token(environment);
  const courses = [...harsh.spans].map(
    ([partition, { spans, checkpoint }]): Course => ({ partition, spans, last: checkpoint, next: 0 }),
  );
  const stages = courses.reduce((sum, { spans }) => sum + spans.length, 0);
  say(`Undisturbed run: ${stages} stages on ${courses.length} partitions …`);
  const led: Led = { platform, environment, detector, port, token, drained, signal };
  for (let revision = 1; courses.some(({ next, spans }) => next < spans.length); revision += 1) {
    signal.throwIfAborted();
    await stage(led, courses, revision);
  }
  if (strayed.length > 0)
    throw new Error(`the undisturbed run went astray, so nothing can be compared: ${strayed[0]}`);
  const client = createPlatformClient({ url: environment.url, credentials: environment.login });
  return readResults(client, harsh.scenario);
}

/** One span on every partition that is next with the oldest memory. Memories only ever grow in number. */
async function stage(led: Led, courses: readonly Course[], revision: number): Promise<void> {
  const { detector, drained, environment, platform, port, signal, token } = led;
  const open = courses.flatMap((course) => {
    const span = course.spans[course.next];
    return span === undefined ? [] : [{ course, span }];
  });
  const overlay = Math.min(...open.map(({ span }) => span.overlay));
  const group = open.filter(({ span }) => span.overlay === overlay);
  detector.send({ kind: 'overlay', most: overlay });
  const planRevision = await platform.withStores(environment, async ({ plans }) => {
    const before = await plans.plan(poolKey);
    const changes = group.map(({ course, span }): [string, PartitionPlan] => [
      course.partition,
      { version: span.version, shadow: span.shadow, fallback: null },
    ]);
    const plan = await plans.writePlan(poolKey, before.revision, {
      ...before.partitions,
      ...Object.fromEntries(changes),
    });
    if (plan === null) throw new Error('somebody else writes the plan of the undisturbed run');
    return plan.revision;
  });
  await ask(port, token, '/update', { revision: planRevision });
  for (const { course, span } of group) {
    const upTo = span.fromSequence - 1;
    detector.send({ kind: 'gate', partition: course.partition, upTo, idle: true, revision: 2 * revision });
  }
  const isInForce = (status: DetectorStatus) =>
    group.every(({ course, span }) =>
      status.partitions.some(
        (one) =>
          one.partition === course.partition &&
          one.state === 'running' &&
          one.version === span.version &&
          one.shadow === span.shadow &&
          one.overlay === span.overlay,
      ),
    );
  let status: DetectorStatus | null = null;
  await until(
    patienceMs,
    async () => {
      signal.throwIfAborted();
      status = DetectorStatus.parse(await ask(port, token, '/status'));
      return isInForce(status) ? true : null;
    },
    () => `not in force: ${JSON.stringify(group.map(({ span }) => span))}, but ${JSON.stringify(status)}`,
    50,
  );
  for (const { course } of group) {
    const upTo = (course.spans[course.next + 1]?.fromSequence ?? course.last + 1) - 1;
    detector.send({
      kind: 'gate',
      partition: course.partition,
      upTo,
      idle: false,
      revision: 2 * revision + 1,
    });
  }
  await until(
    patienceMs,
    async () => {
      signal.throwIfAborted();
      const isDone = ({ course }: { course: Course }) => drained.get(course.partition) === 2 * revision + 1;
      return group.every(isDone) ? true : null;
    },
    () => 'the undisturbed run does not get its events',
    20,
  );
  for (const { course } of group) course.next += 1;
}

/** What was committed with something else in force than it was there; empty when all is well. */
function strayOf(note: Extract<Note, { kind: 'committed' }>, harsh: HarshRun): string[] {
  const { partition, before, checkpoint, version, overlay, shadow } = note;
  // A commit of nothing but a change lies at the border itself.
  if (checkpoint <= before) return [];
  const spans = harsh.spans.get(partition)?.spans ?? [];
  const span = spans.findLast(({ fromSequence }) => fromSequence <= before + 1);
  const isRight = span?.version === version && span.overlay === overlay && span.shadow === shadow;
  return isRight ? [] : [`${JSON.stringify(note)} instead of ${JSON.stringify(span)}`];
}

async function ask(port: number, token: string, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(`${path} of the undisturbed detector answers ${answer.status}`);
  return answer.json();
}
