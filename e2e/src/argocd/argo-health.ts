import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LuaFactory } from 'wasmoon';
import { stringify } from 'yaml';

const folder = fileURLToPath(new URL('../../../manifests/argocd', import.meta.url));
const scripts = { AnomalyModel: 'anomaly-model.lua', DetectorPool: 'detector-pool.lua' } as const;
export type Kind = keyof typeof scripts;

/** What Argo CD shows of an object. */
export interface Health {
  readonly status: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended' | 'Missing' | 'Unknown';
  readonly message: string;
}

export function scriptOf(kind: Kind): string {
  return readFileSync(path.join(folder, scripts[kind]), 'utf8');
}

/** Runs the health check of a kind on an object, with no more of Lua's libraries than Argo CD gives: base and table. */
export async function argoHealth(kind: Kind, object: unknown): Promise<Health> {
  const lua = await new LuaFactory().createEngine();
  try {
    await lua.doString('string, math, io, debug, coroutine, utf8, require, dofile, loadfile = nil');
    await lua.doString(`obj = ${literal(object)}`);
    return await lua.doString(scriptOf(kind));
  } finally {
    lua.global.close();
  }
}

/** A value as JSON holds it, written in Lua. Null is nil, as in Argo CD. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'nil';
  if (typeof value === 'string') return `"${[...Buffer.from(value)].map(escaped).join('')}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `{${value.map(literal).join(',')}}`;
  const fields = Object.entries(value as object).map(
    ([name, field]) => `[${literal(name)}]=${literal(field)}`,
  );
  return `{${fields.join(',')}}`;
}

function escaped(byte: number): string {
  return `\\${String(byte).padStart(3, '0')}`;
}

/** The file to be merged into Argo CD's ConfigMap, made of the scripts. */
export const configFile = path.join(folder, 'argocd-cm.yaml');

export function configText(): string {
  const kinds = Object.keys(scripts) as Kind[];
  const data = Object.fromEntries(
    kinds.map((kind) => [`resource.customizations.health.verdict.dev_${kind}`, scriptOf(kind)]),
  );
  const config = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'argocd-cm',
      namespace: 'argocd',
      labels: { 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' },
    },
    data: {
      ...data,
      'resource.customizations.ignoreDifferences.verdict.dev_DetectorPool': stringify({
        jsonPointers: ['/spec/replicas'],
      }),
    },
  };
  return `# How Argo CD tells the health of Verdict's objects, and that an autoscaler may write a pool's replicas:
#   kubectl patch configmap argocd-cm -n argocd --patch-file manifests/argocd/argocd-cm.yaml
# Made of the scripts beside it: VERDICT_UPDATE_GOLDEN=1 node --test e2e/src/argocd/health-checks.test.ts
${stringify(config, { lineWidth: 0 })}`;
}

export function writeConfig(): void {
  writeFileSync(configFile, configText());
}
