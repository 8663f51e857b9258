import type { ManifestSummary } from '@verdict/contracts';

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** The verdicts that went into a training, counted by what they say. */
export function labelsText(labels: ManifestSummary['labels']): string {
  const parts = [
    counted(labels.confirmed, 'confirmed anomaly left out', 'confirmed anomalies left out'),
    counted(labels.missed, 'report of a missed one left out', 'reports of missed ones left out'),
    counted(labels.falseAlarms, 'false alarm', 'false alarms'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** What a version holds for normal because people said so. */
export function taughtText({ everywhere, single }: ManifestSummary['taught']): string {
  const parts = [
    counted(everywhere, 'pattern on every series', 'patterns on every series'),
    counted(single, 'pattern on one series', 'patterns on single series'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
