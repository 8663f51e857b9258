/** Why a training started, told by the id of its trigger alone: for one whose own words were lost. */
export function reasonByTriggerId(triggerId: string): string {
  const distrusted = /^confidence-v(\d+)-\d+$/.exec(triggerId);
  if (distrusted) return `confidence in version ${distrusted[1]} was bad`;
  const drifted = /^drift-v(\d+)-\d+$/.exec(triggerId);
  if (drifted) return `version ${drifted[1]} no longer fitted`;
  const due = /^schedule-(.+)$/.exec(triggerId);
  if (due) return `a training was due at ${due[1]}`;
  if (/^history-\d+$/.test(triggerId)) return 'there was enough history to learn from';
  return 'it was asked for';
}
