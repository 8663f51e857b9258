/** An anomaly of held-back history of which people have said what it was, and who finds it. */
export interface JudgedEvent {
  /** `missed`: no anomaly was there, people reported it. Undecided ones are left out by the caller. */
  readonly kind: 'confirmed' | 'false-alarm' | 'missed';
  /** Whether the version alarms within the event or its margin. */
  readonly candidateAlarms: boolean;
  readonly championAlarms: boolean;
}

/** How a version does on recent history that nobody holds for an anomaly, rows known to be false alarms included. */
export interface QuietRun {
  readonly version: number;
  /** Readings scored. */
  readonly readings: number;
  /** Anomalies opened per 1000 of them. */
  readonly anomaliesPerThousand: number;
  /** Readings above the border per 1000 of them. */
  readonly alarmsPerThousand: number;
  /** Distance of their p-values from uniform (`uniformDistance`); null when it was not measured. */
  readonly calibrationDistance: number | null;
  /** Injected spikes and drops, and how many of them were found. */
  readonly probes: number;
  readonly probesFound: number;
}

export interface AcceptanceEvidence {
  readonly judged: readonly JudgedEvent[];
  readonly candidate: QuietRun;
  readonly champion: QuietRun;
  /** A training that bad confidence asked for has to bring fewer false alarms, not only no more. */
  readonly fewerFalseAlarms: boolean;
}

/** What a candidate has to show; the `acceptance` section of a model's spec. */
export interface AcceptanceGates {
  /** Share of what the champion finds (real events, and probes) that a candidate must find. */
  readonly keptShare: number;
  readonly nominalPerThousand: number;
  /** Times the nominal rate of anomalies that is still near it. */
  readonly mostTimesNominal: number;
  /** Readings in alarm per 1000 quiet ones. More, and a candidate hardly ever falls silent again. */
  readonly mostAlarmsPerThousand: number;
  readonly mostCalibrationDistance: number;
  readonly fewestReadings: number;
  /** Known events and probes together, without which nobody can say what a candidate finds. */
  readonly fewestEvents: number;
  /** Share of the champion's false alarms that may be left where there have to be fewer. */
  readonly leftFalseAlarms: number;
}

/**
 * 90 %: with fewer than ten events none may be lost. Of more a few may: what people confirmed is what a champion found,
 * never what it missed, so that every other version starts with a handicap. Twice nominal: below the three times at
 * which the alarm rate itself would ask for a training. Four fifths of the false alarms: less of a gain is luck.
 */
export const defaultAcceptanceGates: AcceptanceGates = {
  keptShare: 0.9,
  nominalPerThousand: 1,
  mostTimesNominal: 2,
  mostAlarmsPerThousand: 20,
  mostCalibrationDistance: 0.15,
  fewestReadings: 50,
  fewestEvents: 10,
  leftFalseAlarms: 0.8,
};

export interface Acceptance {
  readonly accepted: boolean;
  /** One sentence per gate, in numbers, whether passed or refused. */
  readonly reasons: string[];
}

interface Gate {
  readonly passed: boolean;
  readonly reason: string;
}

/**
 * Whether a candidate may serve: it was judged on enough, it finds about all real events and probes that the
 * champion finds (what people reported as missed counts for whoever finds it), it repeats no more of the known false
 * alarms, its alarms over quiet history are near nominal (or no more than the champion's, where those are not), and
 * its p-values are about uniform (or no worse than the champion's).
 */
export function decideAcceptanceByVerdicts(
  evidence: AcceptanceEvidence,
  limits: AcceptanceGates = defaultAcceptanceGates,
): Acceptance {
  const gates = [
    judgedOnEnough(evidence, limits),
    keepsEvents(evidence, limits),
    falseAlarms(evidence, limits),
    ...quietness(evidence, limits),
    calibration(evidence, limits),
    keepsProbes(evidence, limits),
  ].filter((gate) => gate !== null);
  return {
    accepted: gates.every(({ passed }) => passed),
    reasons: gates.map(({ passed, reason }) => `${passed ? 'passed' : 'refused'}: ${reason}`),
  };
}

function judgedOnEnough({ judged, candidate }: AcceptanceEvidence, limits: AcceptanceGates): Gate {
  const real = judged.filter(({ kind }) => kind !== 'false-alarm').length;
  return {
    passed: candidate.readings >= limits.fewestReadings && real + candidate.probes >= limits.fewestEvents,
    reason: `judged on ${candidate.readings} quiet readings, ${real} real events, ${judged.length - real} false alarms and ${candidate.probes} probes; at least ${limits.fewestReadings} readings and ${limits.fewestEvents} events or probes are needed`,
  };
}

function keepsEvents({ judged, champion }: AcceptanceEvidence, { keptShare }: AcceptanceGates): Gate | null {
  const real = judged.filter(({ kind }) => kind !== 'false-alarm');
  if (real.length === 0) return null;
  const missed = real.filter(({ kind }) => kind === 'missed');
  const found = count(real, 'candidateAlarms');
  const before = count(real, 'championAlarms');
  const needed = Math.ceil(keptShare * before - 1e-9);
  return {
    passed: found >= needed,
    reason: `finds ${found} of ${real.length} real events (${count(missed, 'candidateAlarms')} of ${missed.length} that people reported as missed); version ${champion.version} finds ${before}, at least ${needed} are needed`,
  };
}

function falseAlarms(
  { judged, champion, fewerFalseAlarms }: AcceptanceEvidence,
  { leftFalseAlarms }: AcceptanceGates,
): Gate | null {
  const known = judged.filter(({ kind }) => kind === 'false-alarm');
  if (known.length === 0) return null;
  const repeated = count(known, 'candidateAlarms');
  const before = count(known, 'championAlarms');
  const most = fewerFalseAlarms ? Math.floor(leftFalseAlarms * before + 1e-9) : before;
  return {
    passed: repeated <= most,
    reason: `repeats ${repeated} of ${known.length} false alarms; version ${champion.version} raises ${before} of them, at most ${most} are allowed`,
  };
}

function quietness({ candidate, champion }: AcceptanceEvidence, limits: AcceptanceGates): Gate[] {
  const nearNominal = limits.mostTimesNominal * limits.nominalPerThousand;
  // A single anomaly is no rate: over few readings it alone would be many times nominal.
  const single = candidate.readings > 0 ? 1000 / candidate.readings : 0;
  const anomalies = Math.max(nearNominal, champion.anomaliesPerThousand, single);
  const alarms = Math.max(limits.mostAlarmsPerThousand, champion.alarmsPerThousand);
  return [
    {
      passed: candidate.anomaliesPerThousand <= anomalies * (1 + 1e-9),
      reason: `${round(candidate.anomaliesPerThousand)} anomalies per 1000 quiet readings; at most ${round(anomalies)} are allowed (nominal ${limits.nominalPerThousand}, version ${champion.version} opens ${round(champion.anomaliesPerThousand)})`,
    },
    {
      passed: candidate.alarmsPerThousand <= alarms,
      reason: `${round(candidate.alarmsPerThousand)} quiet readings of 1000 in alarm; at most ${round(alarms)} are allowed`,
    },
  ];
}

function calibration({ candidate, champion }: AcceptanceEvidence, limits: AcceptanceGates): Gate | null {
  const distance = candidate.calibrationDistance;
  if (distance === null) return null;
  const most = Math.max(limits.mostCalibrationDistance, champion.calibrationDistance ?? 0);
  return {
    passed: distance <= most,
    reason: `p-values of quiet readings are ${round(distance)} away from uniform; at most ${round(most)} is allowed`,
  };
}

function keepsProbes(
  { candidate, champion }: AcceptanceEvidence,
  { keptShare }: AcceptanceGates,
): Gate | null {
  if (candidate.probes === 0) return null;
  const needed = Math.ceil(keptShare * champion.probesFound - 1e-9);
  return {
    passed: candidate.probesFound >= needed,
    reason: `finds ${candidate.probesFound} of ${candidate.probes} injected spikes and drops; version ${champion.version} finds ${champion.probesFound}, at least ${needed} are needed`,
  };
}

function count(events: readonly JudgedEvent[], who: 'candidateAlarms' | 'championAlarms'): number {
  return events.filter((event) => event[who]).length;
}

function round(value: number): string {
  return String(Number(value.toFixed(3)));
}
