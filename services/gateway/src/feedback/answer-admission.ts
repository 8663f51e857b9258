import { type AnswerQuota, type FloodPolicy, floodOf, quotaExceeded } from '@verdict/lifecycle';
import { type Caller, type Clock, Counter, HttpProblem, type Logger, type Registry } from '@verdict/process';
import type { AnswerFacts, AnswerRuling, AnswerStore } from '@verdict/storage';

/** How much one person may answer, and how fast it is learnt from unseen. */
export interface AnswerLimits extends AnswerQuota {
  readonly flood: FloodPolicy;
}

/** What admitting answers needs. */
export interface AnswerAdmissionParts {
  readonly answers: Pick<AnswerStore, 'admit' | 'release'>;
  readonly limits: AnswerLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Registry;
}

/** Lets people's answers (verdicts, and reports of missed anomalies) through to the feedback hub. */
export interface AnswerAdmission {
  /**
   * Sends an answer that is counted before; `at` is its time, epoch ms. Throws a 429 `HttpProblem` when the person's
   * quota is used up. What could not be sent is not counted.
   */
  send(caller: Caller, takesBack: boolean, send: (at: number) => Promise<void>): Promise<void>;
}

/** Answers are held back until so long after the newest one that came too fast. */
const holdMs = 600_000;

/** Makes the admission, with its counters in the registry. */
export function answerAdmission(parts: AnswerAdmissionParts): AnswerAdmission {
  const { answers, limits, clock, logger } = parts;
  const counters = answerCounters(parts.metrics);
  return {
    async send({ name: person }, takesBack, send) {
      const atMs = clock.nowMs();
      const admission = await answers.admit({
        person,
        atMs,
        holdMs,
        historyAbove: limits.flood.perMinute,
        rule: (facts) => ruleOn(facts, takesBack, limits),
      });
      if ('refusal' in admission) {
        counters.refused.inc();
        const { quota, per, untilMs } = admission.refusal;
        throw new HttpProblem(429, {
          detail: `You may give ${quota} answers ${per === 'day' ? 'a day' : 'an hour'}.`,
          retryAfterSeconds: (untilMs - atMs) / 1000,
        });
      }
      if (admission.raised) {
        counters.floods.inc();
        logger.warn(
          { person, flood: admission.floodId },
          'answers came much faster than usual and wait for a review',
        );
      }
      if (admission.floodId !== null) counters.held.inc();
      try {
        await send(atMs);
      } catch (error) {
        await answers.release(person, atMs).catch((failure: unknown) => {
          logger.warn({ person, err: failure }, 'an answer that could not be sent stays counted');
        });
        throw error;
      }
    },
  };
}

function ruleOn(
  { hour, day, ...pace }: AnswerFacts,
  takesBack: boolean,
  limits: AnswerLimits,
): AnswerRuling<NonNullable<ReturnType<typeof quotaExceeded>>> {
  const refusal = quotaExceeded({ hour, day, takesBack }, limits);
  return refusal === null ? { flood: floodOf(pace, limits.flood) } : { refusal };
}

function answerCounters(registry: Registry) {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  return {
    refused: counter(
      'verdict_gateway_answers_refused_total',
      'Answers that were refused because the quota of whoever gave them was used up',
    ),
    held: counter(
      'verdict_gateway_answers_held_total',
      'Answers that were taken as part of a flood: they count for nothing until an admin accepts them',
    ),
    floods: counter(
      'verdict_gateway_floods_total',
      'Floods of answers: somebody answered much faster than usual',
    ),
  };
}
