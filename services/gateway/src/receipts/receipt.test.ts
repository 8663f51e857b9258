import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelManifest, Receipt, type VersionState } from '@verdict/contracts';
import { isExplainedBy } from '@verdict/detection';
import fc from 'fast-check';
import { type ReceiptFacts, receiptOf, type SeenAnomaly } from './receipt.ts';

const nowMs = Date.parse('2026-11-22T20:30:00Z');
const dayMs = 86_400_000;
const answer = (verdict: 'true' | 'false', person = 'ann') => ({ person, verdict });
const yes = [answer('true')];
const no = [answer('false')];

function seen(id: string, change: Partial<SeenAnomaly> = {}): SeenAnomaly {
  const startMs = nowMs - 3_600_000;
  return {
    id,
    series: 'shop/cart',
    startMs,
    endMs: startMs,
    patterns: [{ cpu: 4 }],
    verdicts: [],
    ...change,
  };
}

function facts(change: Partial<ReceiptFacts> = {}): ReceiptFacts {
  return {
    anomaly: seen('a'),
    ofSeries: [],
    memory: null,
    versions: [],
    servedSinceMs: new Map(),
    policy: { memoryMs: 30 * dayMs, historyMs: 14 * dayMs, paused: false },
    nowMs,
    ...change,
  };
}

const memory = {
  patterns: [{ cpu: 4 }],
  addedAtMs: Date.parse('2026-11-22T19:02:10Z'),
  untilMs: Date.parse('2026-12-22T19:00:00Z'),
};

function learner(
  version: number,
  state: VersionState,
  labels: Partial<ModelManifest['labels']>,
): ReceiptFacts['versions'][number] {
  const manifest = ModelManifest.parse({
    manifestVersion: 1,
    model: 'shop',
    version,
    sha256: 'a'.repeat(64),
    signals: 'each',
    window: 32,
    calibration: { row: { border: 1, excess: 1 }, window: { border: 1, excess: 1 } },
    labels: { confirmed: [], falseAlarms: [], missed: [], lastVerdict: 1, ...labels },
    training: {
      from: '2026-11-20T00:00:00Z',
      to: '2026-11-22T00:00:00Z',
      series: 1,
      readings: 1,
      windows: 1,
      epochs: 1,
      seed: 1,
      seconds: 1,
      lossBefore: 1,
      lossAfter: 1,
    },
    createdAt: '2026-11-22T00:00:00Z',
  });
  return { version, state, manifest };
}

const sentences = (change: Partial<ReceiptFacts>): string[] => receiptOf(facts(change)).sentences;

test('a false alarm says what it keeps quiet, what would not have fired, and what is still found', () => {
  const receipt = receiptOf(
    facts({
      anomaly: seen('a', { verdicts: no }),
      memory,
      ofSeries: [
        seen('a', { verdicts: no }),
        seen('like', { patterns: [{ cpu: 4.2 }] }),
        seen('weaker', { patterns: [{ cpu: 3 }], startMs: nowMs - 1000, verdicts: no }),
        seen('other way', { patterns: [{ cpu: -4 }] }),
        seen('of more kinds', { patterns: [{ cpu: 4 }, { latency: 9 }] }),
        seen('old', { patterns: [] }),
        seen('real', { patterns: [{ latency: 9 }], verdicts: yes }),
        seen('also real', { patterns: [{ cpu: 4 }, { latency: 9 }], verdicts: yes }),
      ],
    }),
  );
  assert.equal(receipt.judgement, 'false-alarm');
  assert.deepEqual(receipt.similar, { alarms: 5, wouldNotHaveFired: 2, ids: ['weaker', 'like'] });
  assert.deepEqual(receipt.confirmed, { total: 2, stillFound: 2 });
  assert.deepEqual(receipt.memory, {
    since: '2026-11-22T19:02:10.000Z',
    until: '2026-12-22T19:00:00.000Z',
  });
  assert.deepEqual(receipt.sentences, [
    'Quiet since 19:02 UTC until 22 Dec: alarms like this one on shop/cart.',
    '2 of 5 other alarms of the last 30 days on this series would not have fired.',
    'All 2 confirmed anomalies would still be found.',
    'The next training learns from it, or is tested on it.',
  ]);
});

test('a memory that would hide a confirmed anomaly is not made, and the receipt says so', () => {
  const real = seen('real', { verdicts: yes });
  const refused = receiptOf(facts({ anomaly: seen('a', { verdicts: no }), ofSeries: [real] }));
  assert.equal(refused.memory, null);
  assert.equal(
    refused.sentences[0],
    'It quiets nothing: a confirmed anomaly of this series looks like it and would be hidden.',
  );
  const inPart = sentences({
    anomaly: seen('a', { verdicts: no, patterns: [{ cpu: 4 }, { latency: 5 }] }),
    memory: { ...memory, patterns: [{ latency: 5 }] },
    ofSeries: [real],
  });
  assert.equal(
    inPart[1],
    'Part of it still raises alarms: a confirmed anomaly of this series looks like it and would be hidden.',
  );
  assert.equal(inPart[3], 'The confirmed anomaly of the last 30 days on this series would still be found.');
});

test('before an answer the figures are those of what could really be kept quiet', () => {
  const {
    similar,
    confirmed,
    sentences: said,
  } = receiptOf(
    facts({
      anomaly: seen('a', { patterns: [{ cpu: 4 }, { latency: 5 }] }),
      ofSeries: [
        seen('real', { verdicts: yes }),
        seen('like', { patterns: [{ latency: 5 }] }),
        seen('like the real one'),
      ],
    }),
  );
  assert.deepEqual([similar.ids, similar.alarms], [['like'], 2]);
  assert.deepEqual(confirmed, { total: 1, stillFound: 1 });
  assert.equal(said[2], '1 of 2 other alarms of the last 30 days on this series would not have fired.');
});

test('a false alarm without a memory says why there is none', () => {
  const first = (change: Partial<ReceiptFacts>): string | undefined => sentences(change)[0];
  const anomaly = seen('a', { verdicts: no });
  assert.equal(first({ anomaly }), 'Alarms like this one on shop/cart go quiet within seconds.');
  assert.match(first({ anomaly: { ...anomaly, patterns: [] } }) ?? '', /before anything was kept/);
  const old = { ...anomaly, startMs: nowMs - 40 * dayMs, endMs: nowMs - 40 * dayMs };
  assert.equal(first({ anomaly: old }), 'Alarms like this one on shop/cart were quiet until 12 Nov (UTC).');
  const over = { ...memory, untilMs: nowMs - dayMs };
  assert.equal(receiptOf(facts({ anomaly, memory: over })).memory, null);
  const newer = Array.from({ length: 32 }, (_, at) => seen(`n${at}`, { startMs: nowMs - at, verdicts: no }));
  assert.match(first({ anomaly, ofSeries: newer }) ?? '', /the 32 newest false alarms of shop\/cart do/);
});

test('unjudged and disputed anomalies say what an answer would do', () => {
  const ofSeries = [seen('like'), seen('real', { patterns: [{ latency: 9 }], verdicts: yes })];
  assert.deepEqual(sentences({ ofSeries }), [
    'Nobody has said yet what it was: until then it is kept out of trainings.',
    'Called a false alarm, it would quiet alarms like this one on shop/cart.',
    'The only other alarm of the last 30 days on this series would not have fired.',
    'The confirmed anomaly of the last 30 days on this series would still be found.',
  ]);
  const disputed = receiptOf(facts({ anomaly: seen('a', { verdicts: [...yes, answer('false', 'bob')] }) }));
  assert.deepEqual([disputed.judgement, disputed.answers], ['undecided', { true: 1, false: 1 }]);
  assert.match(disputed.sentences[0] ?? '', /^People disagree: 1 of 2 hold it for real\./);
  assert.equal(
    sentences({ ofSeries: [seen('real', { verdicts: yes })] })[1],
    'Called a false alarm, it would quiet nothing: a confirmed anomaly of this series looks like it and would be hidden.',
  );
});

test('a confirmed anomaly is kept out of what is normal, and versions are tested on it', () => {
  const verdicts = [...yes, answer('true', 'bob'), answer('false', 'eve')];
  assert.deepEqual(sentences({ anomaly: seen('a', { verdicts }) }), [
    '2 of 3 people hold it for real.',
    'Kept out of what the next version learns as normal; every new version is tested on it.',
  ]);
});

test('the first version that learnt from it is named with how it fared', () => {
  const anomaly = seen('a', { verdicts: no });
  const versions = [
    learner(2, 'refused', { falseAlarms: ['a'] }),
    learner(3, 'accepted', { falseAlarms: ['a', 'b'] }),
    learner(4, 'accepted', { falseAlarms: ['a'] }),
  ];
  const servedSinceMs = new Map([[3, Date.parse('2026-11-21T08:00:00Z')]]);
  const { learntBy, sentences: said } = receiptOf(facts({ anomaly, versions, servedSinceMs }));
  assert.deepEqual(learntBy, { version: 3, state: 'accepted', servesSince: '2026-11-21T08:00:00.000Z' });
  assert.equal(said.at(-1), 'Version 3 learnt from it; it first served at 21 Nov, 08:00 UTC.');
  const last = (state: VersionState, labels = { falseAlarms: ['a'] } as Partial<ModelManifest['labels']>) =>
    sentences({ anomaly, versions: [learner(2, state, labels)] }).slice(2);
  assert.deepEqual(last('accepted'), ['Version 2 learnt from it; it does not serve yet.']);
  assert.deepEqual(last('candidate'), ['Version 2 learnt from it and is being judged.']);
  const again = 'The next training takes it in again.';
  assert.deepEqual(last('refused'), ['Version 2 learnt from it and was refused.', again]);
  assert.deepEqual(last('aborted'), ['Version 2 learnt from it and was taken back.', again]);
  const policy = { memoryMs: dayMs, historyMs: 14 * dayMs, paused: true };
  for (const versions of [[], [learner(2, 'refused', { falseAlarms: ['a'] })]])
    assert.match(
      sentences({ anomaly, policy, versions }).at(-1) ?? '',
      /^The next training .*, once somebody asks for one: the model is paused\.$/,
    );
  assert.deepEqual(last('accepted', { confirmed: ['a'] }), [
    'Version 2 learnt it as a real anomaly; the next training learns what people say now.',
  ]);
  const withdrawn = sentences({ versions: [learner(2, 'accepted', { falseAlarms: ['a'] })] });
  assert.equal(withdrawn.at(-1), 'Version 2 learnt it as a false alarm; the next training does not.');
  const tooOld = 'It is older than what a training reads: no version will learn from it.';
  for (const verdicts of [yes, no])
    assert.equal(sentences({ anomaly: { ...anomaly, verdicts, endMs: nowMs - 20 * dayMs } }).at(-1), tooOld);
  const forgotten = sentences({ anomaly: seen('a', { endMs: nowMs - 40 * dayMs }) });
  assert.deepEqual(forgotten, ['Nobody has said yet what it was: until then it is kept out of trainings.']);
});

const pattern = fc.dictionary(
  fc.constantFrom('cpu', 'latency', 'errors'),
  fc.double({ min: -8, max: 8, noNaN: true }),
  { maxKeys: 3 },
);
const verdicts = fc.uniqueArray(
  fc.record({
    person: fc.constantFrom('ann', 'bob', 'eve'),
    verdict: fc.constantFrom('true' as const, 'false' as const),
  }),
  { selector: ({ person }) => person },
);
const anomalies = fc
  .array(fc.tuple(fc.array(pattern, { maxLength: 3 }), verdicts, fc.integer({ min: 1, max: 29 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((rows) =>
    rows.map(([patterns, said, days], at) =>
      seen(`x${at}`, { patterns, verdicts: said, startMs: nowMs - days * dayMs }),
    ),
  );

test('withdrawing gives the receipt of before, in whatever order the series is read', () => {
  fc.assert(
    fc.property(anomalies, verdicts, ([first, ...others], said) => {
      if (first === undefined) return;
      const before = receiptOf(facts({ anomaly: first, ofSeries: [first, ...others] }));
      const judged = { ...first, verdicts: said };
      const real = others.filter(
        ({ verdicts: v }) => v.filter((one) => one.verdict === 'true').length * 2 > v.length,
      );
      const harmless = first.patterns.filter(
        (known) => !real.some(({ patterns }) => patterns.some((shown) => isExplainedBy(shown, known))),
      );
      const kept = harmless.length > 0 ? { ...memory, patterns: harmless } : null;
      const during = receiptOf(facts({ anomaly: judged, ofSeries: [judged, ...others], memory: kept }));
      Receipt.parse({ ...during, anomalyId: '0'.repeat(24), similar: { ...during.similar, ids: [] } });
      assert.ok(during.similar.wouldNotHaveFired <= during.similar.alarms);
      assert.equal(during.similar.alarms + during.confirmed.total, others.length);
      if (kept !== null) assert.equal(during.confirmed.stillFound, during.confirmed.total);
      const after = receiptOf(facts({ anomaly: first, ofSeries: [...others, first].reverse() }));
      assert.deepEqual(after, before);
    }),
    { numRuns: 300 },
  );
});
