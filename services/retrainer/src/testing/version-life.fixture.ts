import type { VersionLife } from '@verdict/storage';

/** What a version did on one partition since the instant 100: nothing, but for what is given. */
export function versionLife(version: number, change: Partial<VersionLife> = {}): VersionLife {
  return {
    version,
    readings: 0,
    anomalies: 0,
    alarms: 0,
    quieted: 0,
    errors: 0,
    pValues: [],
    inputs: [],
    logResiduals: { sum: 0, count: 0 },
    sinceMs: 100,
    ...change,
  };
}
