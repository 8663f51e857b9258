import type { LabelledAnomaly, LabelStore } from '@verdict/storage';

const pageSize = 5000;
/** Bounds memory and time: 100,000 anomalies in a window are more than anybody judges. */
const mostPages = 20;

/**
 * All anomalies of a model that overlap [fromMs, toMs], newest start first, each once, however many: page by page, as
 * the store gives no more at a time. Of more than 100,000 the oldest are left out.
 */
export async function readAnomalies(
  labels: Pick<LabelStore, 'anomalies'>,
  request: { namespace: string; model: string; series?: string; fromMs: number; toMs: number },
): Promise<LabelledAnomaly[]> {
  const found = new Map<string, LabelledAnomaly>();
  let { toMs } = request;
  for (let page = 0; page < mostPages; page += 1) {
    const anomalies = await labels.anomalies({ ...request, toMs, limit: pageSize });
    for (const anomaly of anomalies) found.set(anomaly.id, anomaly);
    const oldest = anomalies.at(-1);
    if (!oldest || anomalies.length < pageSize) break;
    // Those that start in the same millisecond come again: ids tell them apart. Where a whole page does, what is left
    // of that millisecond is passed over, but nothing that is older.
    toMs = anomalies[0]?.startMs === oldest.startMs ? oldest.startMs - 1 : oldest.startMs;
  }
  return [...found.values()];
}
