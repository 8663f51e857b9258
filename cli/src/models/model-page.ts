import type { ModelTrust, ModelView } from '@verdict/contracts';
import {
  clipped,
  fittingTable,
  shownDuration,
  shownEstimate,
  shownNumber,
  shownShare,
  shownTime,
  textTable,
} from '../table.ts';

/** Everything there is to say about one model, as text in paragraphs. */
export function modelPage(model: ModelView): string {
  return [
    `${model.name}: version ${model.champion} serves${model.champion === 0 ? ', the built-in one' : ''}; ${model.series} series, ${model.anomalies.total} anomalies`,
    ...(model.trust === null
      ? ['Nothing is known yet of how far it can be trusted.']
      : trustParagraphs(model.trust)),
    versionsParagraph(model),
    trainingsParagraph(model),
    ...(model.asked === null ? [] : [`A training was asked for and comes next: ${model.asked}`]),
  ].join('\n\n');
}

function trustParagraphs({ confidence, quality, drift, signs }: ModelTrust): string[] {
  const contested = confidence.contested === 0 ? '' : `, on ${confidence.contested} people disagree`;
  const rows = [
    [
      'confidence',
      `${confidence.state}: ${shownEstimate(confidence)}, ${confidence.judged} judged${contested}`,
    ],
    [
      'precision',
      `${shownEstimate(quality.precision)}: ${shownNumber(quality.tp)} real, ${shownNumber(quality.fp)} false`,
    ],
    ['recall', `${shownEstimate(quality.recall)}: ${quality.missed} missed`],
    ['judged', `${shownShare(quality.labelCoverage)}: ${quality.judged} of ${quality.anomalies} anomalies`],
    ['drift', `${drift.verdict}: ${drift.reason}`],
  ];
  const signRows = signs.map((sign) => [
    sign.name,
    shownNumber(sign.value),
    shownNumber(sign.border),
    sign.active ? 'ACTIVE' : 'quiet',
    sign.text,
  ]);
  return [
    rows.map(([name = '', text = '']) => clipped(`${name.padEnd(12)}${text}`)).join('\n'),
    ...(signRows.length === 0
      ? []
      : [fittingTable(['SIGN', 'VALUE', 'BORDER', 'STATE', 'WHAT WAS SEEN'], signRows)]),
  ];
}

/** The versions, each with the reasons of its acceptance or refusal in full below it. */
function versionsParagraph({ versions, trust, champion }: ModelView): string {
  if (versions.length === 0) return 'No version has been learnt yet.';
  const newestFirst = versions.toSorted((one, other) => other.version - one.version);
  const [heading = '', ...lines] = textTable(
    ['VERSION', 'STATE', 'CREATED (UTC)', 'SERVES SINCE (UTC)', 'CONFIDENCE', 'LEARNT FROM'],
    newestFirst.map((item) => {
      const labels = item.manifest?.labels;
      return [
        `v${item.version}${item.version === champion ? ' *' : ''}`,
        item.state,
        shownTime(item.createdAt),
        shownTime(item.servesSince),
        trust?.versions[item.version]?.state ?? '-',
        labels === undefined
          ? '-'
          : `${labels.confirmed} real, ${labels.falseAlarms} false, ${labels.missed} missed`,
      ];
    }),
  ).split('\n');
  const withReasons = newestFirst.flatMap(({ evaluation }, at) => [
    lines[at] ?? '',
    ...(evaluation?.reasons ?? []).map((reason) => `    ${reason}`),
  ]);
  return [heading, ...withReasons].join('\n');
}

function trainingsParagraph({ trainings }: ModelView): string {
  if (trainings.length === 0) return 'There was no training yet.';
  return fittingTable(
    ['TRAINING', 'STATE', 'STARTED (UTC)', 'LASTED', 'MADE', 'WHAT IT SAYS'],
    trainings.map((run) => [
      run.triggerId,
      run.state,
      shownTime(run.startedAt),
      run.endedAt === null ? '-' : shownDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
      run.version === null ? '-' : `v${run.version}`,
      run.message,
    ]),
  );
}
