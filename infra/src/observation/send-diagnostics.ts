import { DiagnosticSetting } from '@pulumi/azure-native/monitor/diagnosticSetting.js';
import type { Input } from '@pulumi/pulumi';

export interface Diagnostics {
  /** Of the resource, in this program. */
  readonly name: string;
  /** Id of the resource that tells. */
  readonly resource: Input<string>;
  /** Id of the workspace that is told. */
  readonly workspace: Input<string>;
  /** Categories of logs; all of them when absent, none when empty. */
  readonly logs?: readonly string[];
  /** False for resources that have none. */
  readonly metrics?: boolean;
}

/** Sends what a resource logs and measures to the workspace. */
export function sendDiagnostics({ name, resource, workspace, logs, metrics = true }: Diagnostics): void {
  new DiagnosticSetting(`${name}-diagnostics`, {
    name: 'to-workspace',
    resourceUri: resource,
    workspaceId: workspace,
    logs:
      logs === undefined
        ? [{ categoryGroup: 'allLogs', enabled: true }]
        : logs.map((category) => ({ category, enabled: true })),
    metrics: metrics ? [{ category: 'AllMetrics', enabled: true }] : [],
  });
}
