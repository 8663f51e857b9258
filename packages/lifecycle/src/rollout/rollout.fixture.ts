import {
  type PartitionPlan,
  type Plan,
  type RolloutCommand,
  RolloutSpec,
  type RolloutState,
} from '@verdict/contracts';
import type { CanaryFigures, RunFigures } from './canary-figures.ts';
import { nextRollout, type RolloutSituation, type RolloutStep } from './next-rollout.ts';
import { startingState } from './rollout-state.ts';
import type { KnownVersion } from './take-back.ts';

/** Figures of a version with a rate of anomalies per 1000 readings. */
export function run(readings: number, anomaliesPerThousand = 1, more: Partial<RunFigures> = {}): RunFigures {
  const anomalies = Math.round((readings * anomaliesPerThousand) / 1000);
  return { readings, anomalies, alarms: 2 * anomalies, quieted: 0, errors: 0, ...more };
}

/** Figures of a minute in which the candidate did as the champion does. */
export function canary(more: Partial<CanaryFigures> = {}): CanaryFigures {
  const { fromMs = 0, toMs = 60_000 } = more;
  const watchedMs = toMs - fromMs;
  const unserved = { scoredByOthers: 0, waitingEvents: 0 };
  const champion = { past: run(10_000), beside: null, disagreements: null, lately: null, trouble: null };
  return { fromMs, toMs, watchedMs, candidate: run(1000), ...champion, ...unserved, ...more };
}

/** A pool whose plan and registry are written as the steps say. */
export class Pool {
  nowMs = 1_000_000;
  spec: RolloutSpec = RolloutSpec.parse({ shadowSeconds: 300 });
  partitions: string[] = ['0', '1', '2', '3', '4', '5', '6', '7'];
  versions: KnownVersion[] = [{ version: 1, state: 'accepted' }];
  plan: Plan;
  state: RolloutState;
  /** Anomalies per 1000 readings of the candidate. */
  candidateRate = 1;
  readingsPerSecond = 20;
  shadowsScored = true;
  readonly said: string[] = [];

  constructor(partition: PartitionPlan | null = { version: 1, shadow: null, fallback: 0 }) {
    const planned = partition ? this.partitions.map((name) => [name, partition] as const) : [];
    this.plan = { revision: 1, partitions: Object.fromEntries(planned) };
    this.state = startingState(this.plan, this.nowMs);
  }

  situation(command: RolloutCommand | null = null): RolloutSituation {
    const { nowMs, spec, shadowsScored, plan, partitions, versions } = this;
    const commands = command ? [command] : [];
    const figures = this.figures();
    return { nowMs, spec, shadowsScored, plan, partitions, readings: {}, versions, commands, figures };
  }

  figures(): CanaryFigures {
    const fromMs = this.state.analysedToMs;
    const readings = Math.round(((this.nowMs - fromMs) / 1000) * this.readingsPerSecond);
    const candidate = run(readings, this.candidateRate);
    return canary({ fromMs, toMs: this.nowMs, candidate });
  }

  /** One look, and everything it asks for is written. */
  look(command: RolloutCommand | null = null): RolloutStep {
    const step = nextRollout(this.state, this.situation(command));
    this.write(step);
    return step;
  }

  write(step: RolloutStep): void {
    this.state = JSON.parse(JSON.stringify(step.state));
    for (const change of step.versionStates)
      this.versions = this.versions.map((one) => (one.version === change.version ? change : one));
    if (step.plan) this.plan = { revision: this.plan.revision + 1, partitions: step.plan };
    this.said.push(...step.events.map(({ reason }) => reason));
  }

  /** Looks every ten seconds. */
  live(seconds: number): void {
    for (let passed = 0; passed < seconds; passed += 10) {
      this.nowMs += 10_000;
      this.look();
    }
  }

  /** How many partitions each version serves. */
  served(): Record<number, number> {
    const counts: Record<number, number> = {};
    for (const { version } of Object.values(this.plan.partitions))
      counts[version] = (counts[version] ?? 0) + 1;
    return counts;
  }
}
