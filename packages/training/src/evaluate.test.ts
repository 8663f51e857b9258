import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DetectionModel, detectionSettings } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import { decideAcceptance } from './acceptance.ts';
import { evaluate, type VersionEvaluation } from './evaluate.ts';
import { shopHistory, shopSignals } from './shop-history.fixture.ts';
import { train } from './train.ts';

const history = shopHistory(9, 6, 600);
const settings = detectionSettings({ signals: shopSignals });
const heldBackFrom = history[0]?.times[480] ?? Number.NaN;

test('a net trained on the history is accepted, with a sentence in numbers per gate', async () => {
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
    const request = { blocks: history, heldBackFrom, candidate, seed: 1 };
    const evaluation = await evaluate(request);
    assert.equal(evaluation.accepted, true, evaluation.reasons.join('; '));
    assert.equal(evaluation.reasons.length, 4);
    assert.ok(evaluation.candidate.reconstructionError < evaluation.baseline.reconstructionError);
    assert.ok(evaluation.candidate.probesFound >= 0.8 * evaluation.candidate.probes);
    assert.deepEqual([evaluation.candidate.version, evaluation.baseline.version], [4, 0]);
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

test('a net that knows nothing is refused, and the reason says what it missed', async () => {
  const { accepted, reasons } = await evaluate({
    blocks: history,
    heldBackFrom,
    candidate: useless(3),
    seed: 1,
  });
  assert.equal(accepted, false);
  assert.ok(reasons.some((reason) => /^refused: found \d+ of \d+ injected spikes and drops/.test(reason)));
});

const fair: VersionEvaluation = {
  version: 1,
  readings: 1000,
  alarmsPerThousand: 5,
  anomaliesPerThousand: 1,
  meanScore: 0.2,
  reconstructionError: 0.1,
  probes: 60,
  probesFound: 50,
};

test('each gate refuses for itself', () => {
  const baseline = { ...fair, version: 0, alarmsPerThousand: 1 };
  const accepted = (candidate: Partial<VersionEvaluation>, against: Partial<VersionEvaluation> = {}) =>
    decideAcceptance({ ...fair, ...candidate }, { ...baseline, ...against }).accepted;
  assert.equal(accepted({}), true);
  const loud = decideAcceptance({ ...fair, anomaliesPerThousand: 1.26 }, baseline);
  assert.equal(loud.accepted, false);
  assert.match(loud.reasons[1] ?? '', /^refused: 1.26 anomalies per 1000 readings; at most 1.25 are allowed/);
  assert.equal(accepted({ anomaliesPerThousand: 2 }, { anomaliesPerThousand: 2 }), true);
  assert.equal(accepted({ alarmsPerThousand: 20.1 }), false);
  assert.equal(accepted({ alarmsPerThousand: 22 }, { alarmsPerThousand: 23 }), true);
  assert.equal(accepted({ probesFound: 48 }), true);
  assert.equal(accepted({ probesFound: 47 }), false);
  assert.equal(accepted({ readings: 49 }), false);
  assert.equal(accepted({ probes: 9, probesFound: 9 }, { probesFound: 9 }), false);
});
