import type { Finding } from './condition.ts';

/** A reason in CamelCase and a sentence. */
export type Why = Pick<Finding, 'reason' | 'message'>;

/** What decides whether an object is ready; of several the first one that is given speaks. */
export interface ReadyState {
  /** The platform could not be asked: nothing is known of now, and nothing is changed. */
  readonly platformAway?: Why | undefined;
  /** Nothing can be done before somebody changes something. `serves`: what it is for goes on all the same. */
  readonly stalled?: (Why & { readonly serves: boolean }) | undefined;
  /** It is not what it is to be yet, and nobody need do anything. */
  readonly waiting?: Why | undefined;
  /** It is as it is to be. */
  readonly fine: Why;
}

/**
 * `Ready`, the summary of the other conditions, and `Stalled`, in the sense that kstatus gives them: Stalled=True is a
 * failure, Ready=False something on its way, Ready=True current.
 */
export function readySummary({ platformAway, stalled, waiting, fine }: ReadyState): Finding[] {
  return [readyFinding(), stalledFinding()];

  function readyFinding(): Finding {
    const finding = (status: Finding['status'], { reason, message }: Why): Finding => ({
      type: 'Ready',
      status,
      reason,
      message,
    });
    if (platformAway) return finding('Unknown', platformAway);
    if (stalled && !stalled.serves) return finding('False', stalled);
    if (waiting) return finding('False', waiting);
    return finding('True', fine);
  }

  function stalledFinding(): Finding {
    if (stalled) return { type: 'Stalled', status: 'True', reason: stalled.reason, message: stalled.message };
    return { type: 'Stalled', status: 'False', reason: 'NothingInTheWay', message: '' };
  }
}
