/** A sentence of an evaluation: a gate that was passed or missed, or a note. */
export interface EvaluationReason {
  readonly kind: 'passed' | 'refused' | 'note';
  readonly text: string;
}

/** Reads the mark before each sentence; one without a mark is a note. Missed gates come first: they decided. */
export function evaluationReasons(reasons: readonly string[]): EvaluationReason[] {
  const read = reasons.map((reason): EvaluationReason => {
    const [, mark, text] = /^(passed|refused|note): (.*)$/s.exec(reason) ?? [];
    if (text === undefined) return { kind: 'note', text: reason };
    return { kind: mark === 'passed' || mark === 'refused' ? mark : 'note', text };
  });
  return (['refused', 'passed', 'note'] as const).flatMap((kind) => read.filter((one) => one.kind === kind));
}

/** The decision in short: how many gates were passed, or the first that was missed. */
export function decisionText(evaluation: { accepted: boolean; reasons: readonly string[] }): string {
  const reasons = evaluationReasons(evaluation.reasons);
  const missed = reasons.filter(({ kind }) => kind === 'refused');
  const passed = reasons.filter(({ kind }) => kind === 'passed').length;
  const first = missed[0];
  if (first !== undefined)
    return missed.length === 1 ? first.text : `${first.text}; and ${missed.length - 1} more`;
  if (passed > 0) return `passed all ${passed} gates`;
  return reasons[0]?.text ?? (evaluation.accepted ? 'accepted' : 'refused');
}
