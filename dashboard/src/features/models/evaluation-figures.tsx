import type { Evaluation } from '@verdict/contracts';
import { formatNumber } from '../../lib/quantity.ts';
import styles from './models.module.css';

/** Figures worth a row, in words; an evaluation of another make may bring others, which are shown by their names. */
const figureTexts: Record<string, string> = {
  readings: 'held-back readings',
  probes: 'injected spikes and drops',
  probesFound: 'of them found',
  anomaliesPerThousand: 'anomalies per 1,000 readings',
  alarmsPerThousand: 'alarms per 1,000 quiet readings',
  meanScore: 'mean score',
  reconstructionError: 'reconstruction error',
};

/** What the evaluation found, beside the version it was judged against. */
export function EvaluationFigures({ evaluation, version }: { evaluation: Evaluation; version: number }) {
  const given = new Set([...Object.keys(evaluation.candidate), ...Object.keys(evaluation.baseline)]);
  // The heading names the versions already.
  given.delete('version');
  const known = Object.keys(figureTexts).filter((name) => given.delete(name));
  const names = [...known, ...given];
  const baseline = evaluation.baselineVersion === 0 ? 'built in' : `version ${evaluation.baselineVersion}`;
  const cell = (value: number | undefined) => (value === undefined ? 'none' : formatNumber(value, 4));
  return (
    <div>
      <ul
        className={styles.reasons}
        aria-label={evaluation.accepted ? 'Why it was accepted' : 'Why it was refused'}
      >
        {evaluation.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {names.length > 0 && (
        <table className={styles.figures}>
          <caption className="visually-hidden">Evaluation figures</caption>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" className={styles.number}>
                version {version}
              </th>
              <th scope="col" className={styles.number}>
                {baseline}
              </th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{figureTexts[name] ?? name}</th>
                <td className={styles.number}>{cell(evaluation.candidate[name])}</td>
                <td className={styles.number}>{cell(evaluation.baseline[name])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
