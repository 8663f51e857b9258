import { startPeople } from '../proof-loop/people.ts';
import { paceMs } from './calm-scenario.ts';
import type { Run } from './run.ts';
import { waitUntil } from './wait-until.ts';

/** Readings flow until the history trigger fires; version 1 is trained and rolled out. */
export async function learnVersionOne(run: Run): Promise<void> {
  const { steps, feed, scenario } = run;
  await steps.run('readings flow through the gateway until there is enough to learn from', async () => {
    feed.paceMs = paceMs.fast;
    await feed.reached(scenario.borders.settle);
    steps.figure('readings sent to learn from', scenario.series.length * scenario.learnSteps);
  });
  await retrained(run, { version: 1, trigger: 'history-' });
}

/**
 * The services begin to do what they never did; three accounts call every anomaly false until confidence is bad, and
 * what was learnt from that serves everywhere. Resolves with that version.
 */
export async function judgeUntilRetrained(run: Run): Promise<number> {
  const { steps, feed, scenario, watch, signal, client } = run;
  const champion = watch.model().activeVersion ?? 0;
  const people = startPeople({ url: run.url, scenario, withLiar: false });
  try {
    await steps.run('anomalies are seen at the gateway, and three accounts judge them false', async () => {
      scenario.changeAt(feed.step);
      await waitUntil(
        () => {
          feed.check();
          return watch.model().confidence?.state === 'bad' ? true : null;
        },
        {
          withinMs: 180_000,
          signal,
          otherwise: () => `confidence did not become bad: ${watch.model().confidence?.text}`,
        },
      );
      const page = await client.anomalies({ limit: 500 });
      steps.figure('anomalies at the gateway', page.items.length);
      steps.figure('verdicts given', people.answers());
    });
    const version = await retrained(run, { version: champion + 1, trigger: `confidence-v${champion}-` });
    return version;
  } finally {
    await people.stop();
  }
}

/** One Job for one trigger, a candidate, then shadow → canary → all. */
async function retrained(run: Run, wanted: { version: number; trigger: string }): Promise<number> {
  const { steps, feed, watch, signal } = run;
  const jobsOf = () => [...watch.jobs.values()].filter(({ trigger }) => trigger.startsWith(wanted.trigger));
  const from = watch.phases.length;
  await steps.run(`the operator creates one Job (${wanted.trigger}…), a candidate appears`, async () => {
    await waitUntil(() => (jobsOf().length > 0 ? true : null), {
      withinMs: 60_000,
      signal,
      otherwise: () => `no Job was created for ${wanted.trigger}`,
    });
    feed.paceMs = paceMs.slow;
    await waitUntil(
      async () => {
        feed.check();
        const [model] = await run.client.models();
        const training = model?.trainings.find(({ triggerId }) => triggerId.startsWith(wanted.trigger));
        if (training?.state === 'refused' || training?.state === 'failed')
          throw new Error(`training ${training.triggerId} was ${training.state}: ${training.message}`);
        return training?.state === 'succeeded' ? true : null;
      },
      { withinMs: 240_000, signal, otherwise: () => 'the training did not end' },
    );
    feed.paceMs = paceMs.usual;
  });
  await steps.run(`version ${wanted.version} goes shadow → canary → all`, async () => {
    await waitUntil(
      () => {
        feed.check();
        const { rollout, activeVersion } = watch.pool();
        if (rollout?.aborted?.includes(wanted.version))
          throw new Error(`version ${wanted.version} was taken back: ${rollout.text}`);
        const done = rollout?.phase === 'done' && activeVersion === wanted.version;
        return done && run.watch.model().activeVersion === wanted.version ? true : null;
      },
      {
        withinMs: 240_000,
        signal,
        otherwise: () => `version ${wanted.version} does not serve everywhere: ${watch.pool().rollout?.text}`,
      },
    );
  });
  const jobs = jobsOf();
  steps.must(
    jobs.length === 1,
    `${jobs.length} Jobs for ${wanted.trigger}: ${jobs.map(({ name }) => name).join(', ')}`,
  );
  const seen = watch.phases.slice(from);
  for (const phase of [`shadow ${wanted.version}`, `step ${wanted.version}`])
    steps.must(seen.includes(phase), `the rollout was never seen in "${phase}", but in ${seen.join(', ')}`);
  steps.tell(await run.kube.text(['get', 'anomalymodels,detectorpools']));
  return wanted.version;
}
