/** Where the proof runs. */
export type FoundCluster =
  /** A command that starts a cluster, loads images into it and runs programs in its network. */
  | { readonly kind: 'command'; readonly command: string }
  /** One that is there already, with our images in it. */
  | { readonly kind: 'kubeconfig' }
  | { readonly kind: 'none' };

/** `VERDICT_CLUSTER` before `KUBECONFIG`. */
export function findCluster(environment: NodeJS.ProcessEnv): FoundCluster {
  const { VERDICT_CLUSTER: command, KUBECONFIG: kubeconfig } = environment;
  if (command) return { kind: 'command', command };
  return kubeconfig ? { kind: 'kubeconfig' } : { kind: 'none' };
}

/** Said where nothing can be proven. */
export function skipped(why: string): string {
  return `
************************************************************************************************
* SKIPPED: npm run e2e. ${why}
*   VERDICT_CLUSTER=<cluster command>   starts one ("up"), loads images ("load"), runs in it ("exec")
*   KUBECONFIG=<file>                   one that is there, with images (npm run e2e -- --images TAG)
************************************************************************************************`;
}
