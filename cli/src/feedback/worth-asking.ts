import type { Anomaly, WorthAsking } from '@verdict/contracts';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { printed } from '../printed.ts';
import { shownDuration, shownNumber, shownTime, textTable } from '../table.ts';

/** The API gives no more. */
const mostQuestions = 20;

/** A question with the anomaly that it is about. */
export interface Question extends WorthAsking {
  anomaly: Anomaly;
}

/** Prints the anomalies whose answer would tell most, most telling first. */
export async function showWorthAsking(
  context: CommandContext,
  { url, json, model, limit }: { url: string; json?: boolean; model?: string; limit: number },
): Promise<void> {
  const client = await connectPlatform(context, url);
  const asked = await client.worthAsking({ limit: Math.min(mostQuestions, limit), model });
  const items: Question[] = await Promise.all(
    asked.map(async (question) => ({ ...question, anomaly: await client.anomaly(question.anomalyId) })),
  );
  context.stdout.write(printed(json, { items }, questionsTable(items)));
}

/** One line for each, and its reasons below it. */
function questionsTable(items: readonly Question[]): string {
  if (items.length === 0) return 'Nothing is worth asking now.';
  const [heading = '', ...lines] = textTable(
    ['ID', 'SERIES', 'START (UTC)', 'LASTED', 'PEAK', 'WORTH'],
    items.map(({ anomaly, worth }) => [
      anomaly.id,
      anomaly.series,
      shownTime(anomaly.start),
      shownDuration(Date.parse(anomaly.end) - Date.parse(anomaly.start)),
      shownNumber(anomaly.peak.score),
      worth.toFixed(2),
    ]),
  ).split('\n');
  const withReasons = items.flatMap(({ reasons }, at) => [
    lines[at] ?? '',
    ...reasons.map((reason) => `    ${reason}`),
  ]);
  return [heading, ...withReasons].join('\n');
}
