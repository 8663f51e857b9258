import { leastFound } from './judge.ts';
import type { ProofReport } from './run-proof.ts';

/** The counts as people read them. */
export function reportLines(report: ProofReport): string[] {
  const violations = violationsOf(report);
  const share = report.injected === 0 ? 0 : (100 * report.found) / report.injected;
  return [
    `faults                         ${report.faults}`,
    `POSTs repeated                 ${report.postsRepeated}`,
    `reconnects of the client       ${report.reconnects}`,
    `readings compared              ${report.readings}`,
    `largest difference of scores   ${report.largestScoreDifference}`,
    `anomalies                      ${report.anomalies}, opened by versions ${report.versions.join(' and ')}`,
    `readings kept quiet            ${report.quieted}`,
    `false verdicts, then withdrawn ${report.quietedAnomalies}`,
    ...Object.entries(report.violations).map(([name, count]) => `${name.padEnd(30)} ${count}`),
    `verdicts sent, lost            ${report.verdictsSent}, ${report.verdictsLost}`,
    `injected spikes and drops      ${report.injected}, found ${report.found} (${share.toFixed(1)} %)`,
    violations.length === 0 ? 'HOLDS' : `VIOLATED: ${violations.join('; ')}`,
  ];
}

/** What must not be, in words; empty when the proof holds. */
export function violationsOf(report: ProofReport): string[] {
  const counted = Object.entries(report.violations).filter(([, count]) => count !== 0);
  const violations = counted.map(([name, count]) => `${name}: ${count}`);
  if (report.verdictsLost > 0) violations.push(`verdicts lost: ${report.verdictsLost}`);
  if (report.anomalies === 0 || report.verdictsSent === 0)
    violations.push('nothing happened that could be compared');
  if (report.quieted === 0)
    violations.push('no reading was kept quiet, so memories were not put to the test');
  if (report.versions.length < 2)
    violations.push('only one version opened anomalies, so no swap was put to the test');
  if (report.injected === 0 || report.found < leastFound * report.injected)
    violations.push(`only ${report.found} of ${report.injected} injected spikes and drops found`);
  return violations;
}
