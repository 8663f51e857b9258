import type { Tracing } from '@verdict/process';
import type { Platform, PlatformName } from './platform.ts';

/**
 * A platform whose calls are spans, such as `platform.writePlan`. A read may share the answer that another look has
 * asked for: its span says how long it was waited for.
 */
export function tracedPlatform(platform: Platform, tracing: Tracing): Platform {
  if (!tracing.on) return platform;
  const traced =
    <Name extends keyof Platform>(name: Name) =>
    (...given: Parameters<Platform[Name]>): ReturnType<Platform[Name]> => {
      const attributes = attributesOf(given[0]);
      // The method's own type, which TypeScript loses over a union of methods.
      const call = platform[name] as unknown as (...given: unknown[]) => Promise<unknown>;
      return tracing.span(`platform.${name}`, { kind: 'client', attributes }, () =>
        call.apply(platform, given),
      ) as ReturnType<Platform[Name]>;
    };
  return {
    models: traced('models'),
    pools: traced('pools'),
    putModel: traced('putModel'),
    beginTraining: traced('beginTraining'),
    failTraining: traced('failTraining'),
    pruneVersions: traced('pruneVersions'),
    deleteModel: traced('deleteModel'),
    putPool: traced('putPool'),
    saveRollout: traced('saveRollout'),
    setVersionState: traced('setVersionState'),
    writePlan: traced('writePlan'),
    withdrawPool: traced('withdrawPool'),
  };
}

function attributesOf(about: string | PlatformName) {
  if (typeof about === 'string') return { 'k8s.namespace.name': about };
  return { 'k8s.namespace.name': about.namespace, 'k8s.object.name': about.name };
}
