import type { ComparedSeries } from '@verdict/contracts';
import { Icon } from '../../components/icon.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { versionMark } from '../../lib/version-text.ts';
import styles from './comparison.module.css';

/** What people said of a stretch. */
export const judgedWords: Record<ComparedSeries['judged'][number]['kind'], string> = {
  confirmed: 'real anomaly',
  'false-alarm': 'false alarm',
  missed: 'reported as missed',
};

/** The judged stretches one by one: what people said, and which version alarms there. */
export function JudgedTable(props: { compared: ComparedSeries; champion: number; candidate: number }) {
  const { judged } = props.compared;
  if (judged.length === 0) return null;
  return (
    <details className={styles.judged}>
      <summary>
        {judged.length} judged {judged.length === 1 ? 'stretch' : 'stretches'} of {props.compared.series}
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">People said</th>
            <th scope="col">{versionMark(props.champion)} champion</th>
            <th scope="col">{versionMark(props.candidate)} candidate</th>
          </tr>
        </thead>
        <tbody>
          {judged.map((stretch) => (
            <tr key={`${stretch.fromMs} ${stretch.kind}`}>
              <td>
                <TimeText at={stretch.fromMs} />
              </td>
              <td>{judgedWords[stretch.kind]}</td>
              <td>
                <Alarms alarms={stretch.championAlarms} />
              </td>
              <td>
                <Alarms alarms={stretch.candidateAlarms} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Alarms({ alarms }: { alarms: boolean }) {
  return (
    <span className={styles.alarms}>
      <Icon name={alarms ? 'warning' : 'open'} size={12} /> {alarms ? 'alarms' : 'silent'}
    </span>
  );
}
