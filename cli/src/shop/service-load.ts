import type { ServiceProfile } from './service-profile.ts';

/** Days in the shop's week; the last two are the weekend. */
const daysPerWeek = 7;
/** Load of a weekend, as a share of a working day's. */
const weekendShare = 0.85;
/** How long the change to the weekend and back takes, in days. */
const weekendEdge = 0.4;

/** Load of a service at a time, about 1: the shape of its day and of its week. `day` counts days and parts of days. */
export function serviceLoad(profile: ServiceProfile, day: number): number {
  const local = day + profile.shift;
  const shape = 0.8 * Math.sin(2 * Math.PI * (local - 0.3)) + 0.2 * Math.sin(4 * Math.PI * (local - 0.1));
  return (1 + profile.swing * shape) * (1 - (1 - weekendShare) * weekend(local));
}

/** 0 on working days, 1 at the weekend, smooth in between: a jump at midnight would be an anomaly itself. */
function weekend(day: number): number {
  const position = ((day % daysPerWeek) + daysPerWeek) % daysPerWeek;
  const rise = smoothStep((position - 5) / weekendEdge);
  const fall = smoothStep((position - (daysPerWeek - weekendEdge)) / weekendEdge);
  return rise - fall;
}

function smoothStep(position: number): number {
  const share = Math.min(1, Math.max(0, position));
  return share * share * (3 - 2 * share);
}
