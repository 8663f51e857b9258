import type { AcceptanceSpec, Evaluation } from '@verdict/contracts';
import {
  type AcceptanceEvidence,
  type AcceptanceGates,
  decideAcceptanceByVerdicts,
  defaultAcceptanceGates,
  type JudgedEvent,
  type QuietRun,
  uniformDistance,
} from '@verdict/lifecycle';
import type { EvaluationEvidence, VersionEvaluation } from '@verdict/training';

/** Ids of trainings that were started because people no longer trust the champion begin so. */
const confidenceTrigger = 'confidence-';

/** Decides about a candidate, and puts down why, in words and numbers. */
export function decide(request: {
  evidence: EvaluationEvidence;
  /** What the model's spec asks for, and what is nominal on its pool. */
  gates: AcceptanceSpec & Pick<AcceptanceGates, 'nominalPerThousand'>;
  triggerId: string;
  /** Patterns that the candidate holds for normal. */
  taughtPatterns: number;
  /** What else is to be known of the judgement. */
  notes: readonly string[];
}): Evaluation {
  const { evidence, gates, triggerId, notes } = request;
  const judged = evidence.events.filter(({ taught }) => !taught);
  const known: AcceptanceEvidence = {
    judged,
    candidate: quietRun(evidence.candidate),
    champion: quietRun(evidence.champion),
    fewerFalseAlarms: triggerId.startsWith(confidenceTrigger),
  };
  const { accepted, reasons } = decideAcceptanceByVerdicts(known, { ...defaultAcceptanceGates, ...gates });
  return {
    accepted,
    reasons: [...reasons, ...saidBesides(evidence), ...notes.map((note) => `note: ${note}`)],
    candidate: {
      ...figures(evidence.candidate, evidence, 'candidateAlarms'),
      taughtPatterns: request.taughtPatterns,
    },
    baselineVersion: evidence.champion.version,
    baseline: figures(evidence.champion, evidence, 'championAlarms'),
  };
}

function quietRun(run: VersionEvaluation): QuietRun {
  const { version, readings, anomaliesPerThousand, alarmsPerThousand, probes, probesFound } = run;
  const calibrationDistance = uniformDistance(run.pValues);
  return {
    version,
    readings,
    anomaliesPerThousand,
    alarmsPerThousand,
    calibrationDistance,
    probes,
    probesFound,
  };
}

function saidBesides({ events, candidate }: EvaluationEvidence): string[] {
  const taught = events.filter((event) => event.taught);
  const alarming = (who: 'candidateAlarms' | 'championAlarms') => taught.filter((event) => event[who]).length;
  return [
    ...(taught.length > 0
      ? [
          `note: of ${taught.length} false alarms that it was taught it repeats ${alarming('candidateAlarms')}; the champion raises ${alarming('championAlarms')}`,
        ]
      : []),
    ...(candidate.probesQuieted > 0
      ? [`note: ${candidate.probesQuieted} further probes do not count, because they look like false alarms`]
      : []),
  ];
}

/** The numbers of one version, flat, as the registry keeps them. */
function figures(
  run: VersionEvaluation,
  { events }: EvaluationEvidence,
  who: 'candidateAlarms' | 'championAlarms',
): Record<string, number> {
  const { pValues, ...numbers } = run;
  const distance = uniformDistance(pValues);
  const of = (kind: JudgedEvent['kind']) => events.filter((event) => event.kind === kind && !event.taught);
  const alarming = (kind: JudgedEvent['kind']) => of(kind).filter((event) => event[who]).length;
  const taught = events.filter((event) => event.taught);
  return {
    ...numbers,
    ...(distance !== null && { calibrationDistance: distance }),
    judgedConfirmed: of('confirmed').length,
    judgedConfirmedFound: alarming('confirmed'),
    judgedMissed: of('missed').length,
    judgedMissedFound: alarming('missed'),
    judgedFalseAlarms: of('false-alarm').length,
    judgedFalseAlarmsRepeated: alarming('false-alarm'),
    taughtFalseAlarms: taught.length,
    taughtFalseAlarmsRepeated: taught.filter((event) => event[who]).length,
  };
}
