/** What a process is sent. */
export type SignalKind = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP';

/** Something that is done to the platform while data flows. */
export type Fault =
  /** `atCommit`: not just anywhere, but while it is about to commit something that people are to be told. */
  | {
      readonly kind: 'signal';
      readonly part: string;
      readonly signal: SignalKind;
      readonly atCommit: boolean;
    }
  /** A share of the calls of these processes fails for a while. */
  | {
      readonly kind: 'errors';
      readonly of: 'database' | 'blobs';
      readonly parts: readonly string[];
      readonly share: number;
      readonly forMs: number;
      readonly seed: number;
    }
  /** The injected clock of a process jumps: the wall clock for a while, the monotonic one forward for good. */
  | {
      readonly kind: 'clock';
      readonly part: string;
      readonly wallMs: number;
      readonly monotonicMs: number;
      readonly forMs: number;
    }
  /** One more detector comes, and goes again. */
  | { readonly kind: 'rebalance'; readonly forMs: number }
  /** Versions and shadows of the partitions: for each of them one of the numbers decides. */
  | { readonly kind: 'versions'; readonly draws: readonly number[] }
  /** Some anomalies are called false alarms, or such verdicts are withdrawn. */
  | { readonly kind: 'memory'; readonly withdraw: boolean };

/** The fault in words. */
export function nameOf(fault: Fault): string {
  switch (fault.kind) {
    case 'signal':
      return `${fault.signal} to ${fault.part}${fault.atCommit ? ' in a commit' : ''}`;
    case 'errors':
      return `errors in calls of ${fault.of === 'blobs' ? 'the blobs' : 'the database'} by ${fault.parts.join(', ')}`;
    case 'clock':
      return `clock of ${fault.part} jumps by ${Math.round(fault.wallMs / 60_000)} min, monotonic by ${Math.round(fault.monotonicMs / 1000)} s`;
    case 'rebalance':
      return 'one more detector for a while';
    case 'versions':
      return 'other versions and shadows';
    case 'memory':
      return fault.withdraw ? 'verdicts are withdrawn' : 'anomalies are called false alarms';
  }
}
