import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  builtInModel,
  type DetectionModel,
  detectionSettings,
  Engine,
  type SeriesBlock,
} from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import {
  dayReadings,
  type Injected,
  injectFaults,
  shopHistory,
  shopSignals,
} from './shop-history.fixture.ts';
import { train } from './train.ts';

/**
 * The experiment: nets are trained on a week of one shop's metrics and serve others of the same kind, with
 * faults of 6 to 12 standard deviations of the noise. As in service, version 0 comes first and the learnt
 * one takes over after a day and a half.
 */
const learntFrom = shopHistory(77, 12, 4 * dayReadings);
const quiet = shopHistory(1, 12, 8 * dayReadings);
const swapRow = 1.5 * dayReadings;
const judgedFrom = 3 * dayReadings;
const { blocks: faulty, injected } = injectFaults(quiet, {
  seed: 5,
  firstRow: judgedFrom,
  every: 120,
  sigmas: 6,
});

interface Quality {
  readonly falseAlarmsPerThousand: number;
  readonly anomaliesPerThousand: number;
  readonly recall: Readonly<Record<Injected['kind'], number>>;
  /** Of spikes and drops together. */
  readonly pointRecall: number;
}

async function serve(model: DetectionModel, blocks: readonly SeriesBlock[]) {
  const engine = new Engine({ model: builtInModel(model.settings) });
  const rows = (block: SeriesBlock, from: number, to: number) => ({
    ...block,
    times: block.times.slice(from, to),
    values: block.values.slice(from * block.signals.length, to * block.signals.length),
  });
  await engine.process(blocks.map((block) => rows(block, 0, swapRow)));
  await engine.swap(model);
  await engine.process(blocks.map((block) => rows(block, swapRow, judgedFrom)));
  return engine.process(blocks.map((block) => rows(block, judgedFrom, block.times.length)));
}

async function measure(model: DetectionModel): Promise<Quality> {
  const calm = await serve(model, quiet);
  const readings = calm.scored.reduce((sum, { times }) => sum + times.length, 0);
  const alarms = calm.scored.reduce(
    (sum, { flags }) => sum + flags.filter((flag) => (flag & 1) !== 0).length,
    0,
  );
  const opened = calm.anomalies.filter(({ kind }) => kind === 'opened').length;
  const { anomalies } = await serve(model, faulty);
  // Found is what a person would be told: an anomaly that overlaps the fault or the reading after it.
  const found = ({ series, from, to }: Injected) => {
    const times = quiet.find((block) => block.series === series)?.times ?? new Float64Array();
    const [start, end] = [times[from] ?? Number.NaN, times[to] ?? Number.NaN];
    return anomalies.some((one) => one.series === series && one.startTime <= end && one.endTime >= start);
  };
  const recall = (...kinds: Injected['kind'][]) => {
    const all = injected.filter(({ kind }) => kinds.includes(kind));
    return all.filter(found).length / all.length;
  };
  return {
    falseAlarmsPerThousand: (1000 * alarms) / readings,
    anomaliesPerThousand: (1000 * opened) / readings,
    recall: { spike: recall('spike'), drop: recall('drop'), drift: recall('drift'), flat: recall('flat') },
    pointRecall: recall('spike', 'drop'),
  };
}

for (const signals of ['each', shopSignals] as const) {
  const settings = detectionSettings({ signals, recurring: 'alarm' });
  const what = signals === 'each' ? 'each signal by itself' : 'four declared signals together';

  test(`version 0 finds four of five spikes and drops and is quiet otherwise (${what})`, async (t) => {
    const quality = await measure(builtInModel(settings));
    t.diagnostic(JSON.stringify(quality));
    assert.ok(quality.pointRecall >= 0.8, `recall ${quality.pointRecall}`);
    assert.ok(quality.falseAlarmsPerThousand <= 2);
  });

  test(`a learnt version finds nine of ten spikes and drops and is quiet otherwise (${what})`, async (t) => {
    const { onnx, calibration } = await train({ blocks: learntFrom, settings, seed: 1 });
    const network = await openNetwork(onnx);
    try {
      const quality = await measure({
        version: 1,
        settings,
        network,
        calibration,
        reference: null,
        taught: [],
      });
      t.diagnostic(JSON.stringify(quality));
      assert.ok(quality.pointRecall >= 0.9, `recall ${quality.pointRecall}`);
      assert.ok(quality.falseAlarmsPerThousand <= 2);
      assert.ok(quality.anomaliesPerThousand <= 0.5);
    } finally {
      await network.close();
    }
  });
}
