import { type Service, shopDay } from './clean-values.ts';
import { between, uniformAt } from './hash-random.ts';
import { type InjectionKind, injectionRules } from './injection-kinds.ts';
import { serviceLoad } from './service-load.ts';
import type { ShopSignal } from './service-profile.ts';

/** Something that goes wrong with one service, in steps. */
export interface Injection {
  readonly kind: InjectionKind;
  /** First step that differs. */
  readonly fromStep: number;
  /** Last step that differs. */
  readonly toStep: number;
  readonly signals: readonly ShopSignal[];
  /** Largest difference from the clean value in sigmas, with its sign; 0 for `flat`, which has none of its own. */
  readonly sigmas: number;
}

/** When things go wrong, for every service alike. */
export interface InjectionSchedule {
  /** Mean number of steps from one injection to the next in one service. */
  readonly gapSteps: number;
  readonly kinds: readonly InjectionKind[];
  /** Nothing begins before this step. */
  readonly quietUntilStep: number;
}

/** Fewest steps between injections that leave room for quiet between them. */
export const leastGapSteps = 20;

/**
 * The injection in whose slot a step lies, or null. Time is cut into slots of one mean gap (shifted per service),
 * and each slot has one injection somewhere inside, with at least a tenth of the slot quiet at its end.
 */
export function injectionOfSlot(
  service: Service,
  schedule: InjectionSchedule,
  step: number,
): Injection | null {
  const { seed, index } = service;
  const { gapSteps, kinds, quietUntilStep } = schedule;
  const shift = Math.floor(uniformAt(seed, index, 200) * gapSteps);
  const slot = Math.floor((step + shift) / gapSteps);
  const draw = (key: number) => uniformAt(seed, index, 201 + key, slot);
  const kind = pick(kinds, draw(0));
  if (kind === undefined) return null;
  const rule = injectionRules[kind];
  const [least, most] = rule.steps;
  const steps = Math.min(Math.floor(gapSteps / 2), Math.floor(between(draw(1), least, most + 1)));
  const room = gapSteps - steps - Math.ceil(gapSteps / 10);
  const fromStep = slot * gapSteps - shift + Math.floor(draw(2) * room);
  if (fromStep < quietUntilStep) return null;
  const size = between(draw(3), rule.sigmas[0], rule.sigmas[1]);
  return {
    kind,
    fromStep,
    toStep: fromStep + steps - 1,
    signals: pick(rule.groups, draw(4)) ?? [],
    sigmas: size * direction(service, kind, fromStep),
  };
}

/** Injections of a service of which any step lies in [fromStep, toStep], ascending. */
export function injectionsWithin(
  service: Service,
  schedule: InjectionSchedule,
  fromStep: number,
  toStep: number,
): Injection[] {
  const found = new Map<number, Injection>();
  // An injection never leaves its slot, so that one look into each slot finds all.
  for (let step = fromStep; step < toStep + schedule.gapSteps; step += schedule.gapSteps) {
    const injection = injectionOfSlot(service, schedule, Math.min(step, toStep));
    if (injection && injection.toStep >= fromStep && injection.fromStep <= toStep)
      found.set(injection.fromStep, injection);
  }
  return [...found.values()];
}

/** Drops go down; a broken correlation goes against the load; everything else goes up. */
function direction(service: Service, kind: InjectionKind, fromStep: number): 1 | -1 {
  if (kind === 'drop') return -1;
  if (kind !== 'correlation') return 1;
  return serviceLoad(service.profile, shopDay(service.pace, fromStep)) > 1 ? -1 : 1;
}

function pick<Item>(items: readonly Item[], uniform: number): Item | undefined {
  return items[Math.floor(uniform * items.length)];
}
