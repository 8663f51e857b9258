import type { ModelManifest } from '@verdict/contracts';

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** The verdicts that went into a training, counted by what they say. */
export function labelsText(labels: ModelManifest['labels']): string {
  const parts = [
    counted(labels.confirmed.length, 'confirmed anomaly left out', 'confirmed anomalies left out'),
    counted(labels.missed.length, 'report of a missed one left out', 'reports of missed ones left out'),
    counted(labels.falseAlarms.length, 'false alarm', 'false alarms'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** What a version holds for normal because people said so. */
export function taughtText(taught: readonly { series: string | null }[]): string {
  const everywhere = taught.filter(({ series }) => series === null).length;
  const parts = [
    counted(everywhere, 'pattern on every series', 'patterns on every series'),
    counted(taught.length - everywhere, 'pattern on one series', 'patterns on single series'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}
