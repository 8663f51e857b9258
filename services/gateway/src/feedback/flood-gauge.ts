import { type Clock, Gauge, type Registry } from '@verdict/process';
import type { AnswerStore } from '@verdict/storage';
import { keptAnswer } from '../kept-answer.ts';
import { unlessDatabaseAway } from '../unless-database-away.ts';

const keptMs = 5000;
const mostCounted = 200;

/** `verdict_feedback_floods_open`: floods that wait for a review; left out of a scrape while the database is away. */
export function floodGauge(metrics: Registry, answers: Pick<AnswerStore, 'floods'>, clock: Clock): void {
  const open = keptAnswer(
    () => unlessDatabaseAway(answers.floods({ state: 'open', limit: mostCounted }), null),
    keptMs,
    clock.monotonicMs,
  );
  new Gauge({
    name: 'verdict_feedback_floods_open',
    help: 'Floods of answers that wait for an admin to accept or discard them',
    registers: [metrics],
    async collect() {
      const floods = await open.get();
      this.reset();
      if (floods !== null) this.set(floods.length);
    },
  });
}
