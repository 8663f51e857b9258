import type { ModelTrust, Sign, SignName } from '@verdict/contracts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { formatNumber } from '../../lib/quantity.ts';
import styles from './trust.module.css';

const names: Record<SignName, string> = {
  calibration: 'Calibration',
  'alarm-rate': 'Alarm rate',
  drift: 'Drift of errors',
  'input-drift': 'Drift of inputs',
};

const verdicts: Record<ModelTrust['drift']['verdict'], { icon: IconName; text: string }> = {
  calm: { icon: 'check', text: 'Calm: no sign is above its border.' },
  watch: { icon: 'warning', text: 'To be watched: one sign is above its border; two ask for a training.' },
  retrain: { icon: 'warning', text: 'Two or more signs are above their borders: they ask for a training.' },
};

/** The border stands here on every bar; a value twice the border or more fills it. */
const borderShare = 0.5;

function standing({ active, value }: Sign): string {
  if (value === null) return 'too little to say';
  return active ? 'above its border' : 'below its border';
}

/** The signs that need nobody's verdict: each value against its border, and what they say together. */
export function SignList({ trust }: { trust: ModelTrust }) {
  const known = trust.signs.some(({ value }) => value !== null);
  const { icon, text } = known
    ? verdicts[trust.drift.verdict]
    : { icon: 'more' as const, text: 'Too little was scored yet to say anything.' };
  return (
    <section className={styles.section} aria-label="Signs">
      <h3>Signs that need no answers</h3>
      <p className={styles.drift} data-verdict={known ? trust.drift.verdict : 'unknown'}>
        <Icon name={icon} size={14} /> {text}
      </p>
      <ul className={styles.signs}>
        {trust.signs.map((sign) => (
          <li key={sign.name} data-active={sign.active}>
            <strong>{names[sign.name]}</strong>
            <Bar sign={sign} />
            <span className={styles.signValue}>
              {sign.value === null ? '–' : formatNumber(sign.value, 2)} <small>of {sign.border}</small>
            </span>
            <span className={styles.signWord} data-known={sign.value !== null}>
              <Icon name={sign.value === null ? 'more' : sign.active ? 'warning' : 'check'} size={14} />
              {standing(sign)}
            </span>
            <span className={styles.muted}>{sign.text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Bar({ sign: { border, value } }: { sign: Sign }) {
  const share = value === null || border <= 0 ? 0 : Math.min(1, (value / border) * borderShare);
  return (
    <span className={styles.bar} aria-hidden="true">
      <span style={{ width: `${share * 100}%` }} />
      <i style={{ left: `${borderShare * 100}%` }} />
    </span>
  );
}
