import type { ShadowTotals } from '@verdict/contracts';
import { formatNumber } from '../../lib/quantity.ts';
import { versionText } from '../../lib/version-text.ts';
import { perThousand } from './version-totals.ts';

/** What a version scored beside another came to, over the same readings, as a sentence without its full stop. */
export function shadowText(totals: ShadowTotals): string {
  const { version, shadow, readings, disagreements, would, served } = totals;
  const beside = `shadow: ${versionText(shadow)} beside ${versionText(version)}`;
  if (readings === 0) return `${beside}, no reading yet${letGoText(totals)}`;
  const rate = (count: number) => formatNumber(perThousand(count, readings) ?? 0, 3);
  const differently = `${formatNumber(disagreements, 6)} of ${formatNumber(readings, 6)} readings judged differently`;
  const rates = `${rate(would.anomalies)} vs ${rate(served.anomalies)} would-be anomalies per 1,000`;
  return `${beside}, ${differently}, ${rates}${letGoText(totals)}`;
}

function letGoText({ errors, drops, trouble }: ShadowTotals): string {
  const times = errors + drops;
  if (times === 0) return '';
  const how = times === 1 ? 'once' : `${times} times`;
  return `; let go ${how}, last because ${trouble ?? 'of an unknown reason'}`;
}
