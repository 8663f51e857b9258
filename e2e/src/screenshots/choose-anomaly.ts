import type { Anomaly } from '@verdict/contracts';

/**
 * The anomaly that shows most of what the inbox can do: found by a trained version, over already, several readings
 * long, more than one signal involved, a high score. Undefined where there is none at all.
 */
export function chooseAnomaly(anomalies: readonly Anomaly[]): Anomaly | undefined {
  return anomalies.toSorted((a, b) => worth(b) - worth(a))[0];
}

function worth(anomaly: Anomaly): number {
  const lastedMs = Date.parse(anomaly.end) - Date.parse(anomaly.start);
  const companions = anomaly.signals.filter((signal) => signal.share >= 0.1).length - 1;
  const main = anomaly.signals[0];
  const farOff =
    main?.value != null && main.expected !== null && Math.abs(main.value - main.expected) > (main.band ?? 0);
  return (
    Number(anomaly.modelVersion > 0) +
    Number(anomaly.state === 'closed') +
    Number(lastedMs >= 5000) +
    Number(companions > 0) +
    Number(farOff) +
    anomaly.peak.score
  );
}
