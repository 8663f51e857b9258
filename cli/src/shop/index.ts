export { type InjectionKind, injectionKinds } from './injection-kinds.ts';
export { leastGapSteps } from './injection-schedule.ts';
export type { ShopChange } from './job-schedule.ts';
export { serviceSeries } from './service-names.ts';
export { type ShopSignal, shopSignals } from './service-profile.ts';
export {
  createShop,
  type InjectedAnomaly,
  type NormalJob,
  type Shop,
  type ShopOptions,
  type ShopReading,
} from './shop.ts';
