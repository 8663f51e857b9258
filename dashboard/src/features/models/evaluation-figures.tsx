import type { Evaluation } from '@verdict/contracts';
import { formatNumber } from '../../lib/quantity.ts';
import { versionName } from '../../lib/version-text.ts';
import { evaluationReasons } from './evaluation-reasons.ts';
import { figureRows } from './figure-rows.ts';
import { ReasonList } from './reason-list.tsx';
import styles from './versions.module.css';

/** Why a version was accepted or refused, and its figures beside those of the version it was judged against. */
export function EvaluationFigures({ evaluation, version }: { evaluation: Evaluation; version: number }) {
  const rows = figureRows(evaluation);
  const cell = (value: number | undefined) => (value === undefined ? 'none' : formatNumber(value, 4));
  return (
    <div className={styles.judgement}>
      <div>
        <h4>{evaluation.accepted ? 'Why it was accepted' : 'Why it was refused'}</h4>
        <ReasonList
          label={evaluation.accepted ? 'Why it was accepted' : 'Why it was refused'}
          reasons={evaluationReasons(evaluation.reasons)}
        />
      </div>
      {rows.length > 0 && (
        <table className={styles.figures}>
          <caption className="visually-hidden">Evaluation figures</caption>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col">{versionName(version)}</th>
              <th scope="col">{versionName(evaluation.baselineVersion)}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.text}</th>
                <td>{cell(row.candidate)}</td>
                <td>{cell(row.baseline)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
