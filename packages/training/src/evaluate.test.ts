import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DetectionModel, detectionSettings } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import { decideAcceptance } from './acceptance.ts';
import { evaluate, type VersionEvaluation } from './evaluate.ts';
import { injectProbes } from './probes.ts';
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
    const candidate = { version: 4, settings, network, calibration: result.calibration };
    const request = { blocks: history, heldBackFrom, candidate, seed: 1 };
    const evaluation = await evaluate(request);
    assert.equal(evaluation.accepted, true, evaluation.reasons.join('; '));
    assert.equal(evaluation.reasons.length, 3);
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
  assert.equal(decideAcceptance(fair, baseline).accepted, true);
  const loud = decideAcceptance({ ...fair, alarmsPerThousand: 5.01 }, baseline);
  assert.equal(loud.accepted, false);
  assert.match(loud.reasons[1] ?? '', /^refused: 5.01 alarms per 1000 quiet readings; at most 5 are allowed/);
  assert.equal(
    decideAcceptance({ ...fair, alarmsPerThousand: 8 }, { ...baseline, alarmsPerThousand: 9 }).accepted,
    true,
  );
  assert.equal(decideAcceptance({ ...fair, probesFound: 49 }, baseline).accepted, false);
  assert.equal(decideAcceptance({ ...fair, readings: 49 }, baseline).accepted, false);
  assert.equal(
    decideAcceptance({ ...fair, probes: 9, probesFound: 9 }, { ...baseline, probesFound: 9 }).accepted,
    false,
  );
});

test('probes are spikes and drops in moving signals of the model, the same for the same seed', () => {
  const [block] = history;
  assert.ok(block !== undefined);
  const request = { blocks: [block], signals: ['cpu'], seed: 7, every: 60 };
  const { blocks, probes } = injectProbes(request);
  assert.ok(probes.length >= 4 && probes.every(({ signal }) => signal === 'cpu'));
  assert.deepEqual(injectProbes(request), { blocks, probes });
  for (let row = 0; row < block.times.length; row += 1) {
    const probe = probes.find(({ from, to }) => from <= row && row < to);
    const by: number = (blocks[0]?.values[row * 4 + 2] ?? 0) - (block.values[row * 4 + 2] ?? 0);
    assert.equal(Math.sign(by), probe === undefined ? 0 : probe.kind === 'spike' ? 1 : -1);
    assert.equal(blocks[0]?.values[row * 4], block.values[row * 4]);
  }
  const still = { ...block, values: block.values.map(() => 5) };
  assert.deepEqual(injectProbes({ ...request, blocks: [still] }).probes, []);
});
