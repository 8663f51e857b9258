import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel, type DetectionModel, detectionSettings } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import { evaluate } from './evaluate.ts';
import { shopHistory, shopSignals } from './shop-history.fixture.ts';
import { train } from './train.ts';

const history = shopHistory(9, 6, 600);
const settings = detectionSettings({ signals: shopSignals, recurring: 'alarm' });
const heldBackFrom = history[0]?.times[480] ?? Number.NaN;

const champion = builtInModel(settings);

test('a net trained on the history expects better than the built-in version and finds the probes', async () => {
  const result = await train({ blocks: history, settings, seed: 2 });
  assert.equal(result.heldBackFrom, heldBackFrom);
  const network = await openNetwork(result.onnx);
  try {
    const candidate = {
      version: 4,
      settings,
      network,
      calibration: result.calibration,
      reference: null,
      taught: [],
    };
    const request = { blocks: history, heldBackFrom, candidate, champion, events: [], seed: 1 };
    const evaluation = await evaluate(request);
    assert.ok(evaluation.candidate.reconstructionError < evaluation.champion.reconstructionError);
    assert.ok(evaluation.candidate.anomaliesPerThousand <= 1);
    assert.equal(evaluation.candidate.readings, 6 * 120);
    assert.ok(evaluation.candidate.probesFound >= 0.8 * evaluation.candidate.probes);
    assert.deepEqual([evaluation.candidate.version, evaluation.champion.version], [4, 0]);
    assert.deepEqual(await evaluate(request), evaluation);
  } finally {
    await network.close();
  }
});

/** A net that knows nothing: it gives some numbers whatever it is shown. */
function useless(spread: number): DetectionModel {
  let calls = 0;
  const run = async (rows: Float32Array, count: number) =>
    Float32Array.from({ length: count * 128 }, (_, i) => {
      calls += 1;
      return spread * Math.sin(calls * 0.7 + (rows[i] ?? 0));
    });
  const tail = { border: 0.1, excess: 0.01 };
  return {
    version: 1,
    settings,
    network: { inputWidth: 128, run },
    calibration: { row: tail, window: tail },
    reference: null,
    taught: [],
  };
}

test('a net that knows nothing expects worse', async () => {
  const { candidate, champion: found } = await evaluate({
    blocks: history,
    heldBackFrom,
    candidate: useless(3),
    champion,
    events: [],
    seed: 1,
  });
  assert.ok(candidate.probes >= 10 && candidate.probes === found.probes);
  // What is rare by itself is found whatever a net expects.
  assert.ok(candidate.reconstructionError > 2 * found.reconstructionError);
});
