import type { KubeObject } from './kube-object.ts';

/** One decision or transition, as `kubectl describe` shows it. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** Why, in CamelCase: `CandidateAborted`. At most 128 characters. */
  readonly reason: string;
  /** What was done, in CamelCase: `Rollback`. At most 128 characters. */
  readonly action: string;
  /** One sentence; cut at 1024 characters. */
  readonly message: string;
  /** A second object that it is about, such as the Job. */
  readonly related?: KubeObject;
}

/**
 * Records Events in the background. Never throws and never waits: what cannot be written is counted
 * and dropped. The same note about the same object again becomes a count in the first one's series, and so do notes
 * that say the same thing in ever new words.
 */
export interface EventRecorder {
  record(about: KubeObject, note: EventNote): void;
}
