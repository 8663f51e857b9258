import type { Service } from './clean-values.ts';
import { between, uniformAt } from './hash-random.ts';
import { type InjectionSchedule, injectionsWithin } from './injection-schedule.ts';
import { type JobKind, jobKinds } from './job-kinds.ts';

/** A change of what is normal in a shop. */
export interface ShopChange {
  /** From this step on every service runs jobs now and then. */
  readonly fromStep: number;
}

/** A job of one service, in steps. */
export interface Job {
  readonly kind: JobKind;
  readonly fromStep: number;
  readonly toStep: number;
  /** Times the moves of its kind. */
  readonly size: number;
}

/** A service has a job once in so many steps; the number is the service's own. */
const slotSteps = [100, 160] as const;
const jobSteps = [4, 12] as const;
/** A job is at most this part larger or smaller than its kind says. */
const sizeSpread = 0.3;
/** Steps between two jobs, and between a job and an injection: at least so many are as they always were. */
export const quietBesideJob = 10;

/** The kinds of jobs of a shop, the same for all its services: two or three of them. */
export function kindsOfShop(seed: number): JobKind[] {
  const left = Math.floor(uniformAt(seed, 300) * (jobKinds.length + 1));
  return jobKinds.filter((_, at) => at !== left);
}

/** The job in whose slot a step lies, or null where it would begin before the change or come too near an injection. */
function jobOfSlot(
  service: Service,
  change: ShopChange,
  injections: InjectionSchedule | null,
  slot: Slot,
): Job | null {
  const { seed, index } = service;
  const draw = (key: number) => uniformAt(seed, index, 303 + key, slot.number);
  const steps = Math.floor(between(draw(0), jobSteps[0], jobSteps[1] + 1));
  const room = slot.steps - steps - quietBesideJob;
  const fromStep = slot.fromStep + Math.floor(draw(1) * (room + 1));
  const toStep = fromStep + steps - 1;
  const kinds = kindsOfShop(seed);
  const kind = kinds[Math.floor(draw(2) * kinds.length)];
  if (kind === undefined || fromStep < change.fromStep) return null;
  const near = [fromStep - quietBesideJob, toStep + quietBesideJob] as const;
  if (injections !== null && injectionsWithin(service, injections, near[0], near[1]).length > 0) return null;
  return { kind, fromStep, toStep, size: between(draw(3), 1 - sizeSpread, 1 + sizeSpread) };
}

/** Jobs of a service of which any step lies in [fromStep, toStep], ascending. */
export function jobsWithin(
  service: Service,
  change: ShopChange,
  injections: InjectionSchedule | null,
  [fromStep, toStep]: readonly [number, number],
): Job[] {
  const found: Job[] = [];
  // Before the change there are no slots to look at.
  let slot = slotAt(service, Math.max(fromStep, change.fromStep));
  for (; slot.fromStep <= toStep; slot = slotAt(service, slot.fromStep + slot.steps)) {
    const job = jobOfSlot(service, change, injections, slot);
    if (job !== null && job.toStep >= fromStep && job.fromStep <= toStep) found.push(job);
  }
  return found;
}

/** A stretch of a service's time that holds at most one job, wholly. */
interface Slot {
  number: number;
  fromStep: number;
  steps: number;
}

function slotAt({ seed, index }: Service, step: number): Slot {
  const steps = Math.floor(between(uniformAt(seed, index, 301), slotSteps[0], slotSteps[1] + 1));
  const shift = Math.floor(uniformAt(seed, index, 302) * steps);
  const number = Math.floor((step + shift) / steps);
  return { number, fromStep: number * steps - shift, steps };
}
