import { mostRemembered } from '@verdict/contracts';
import { plainDay, plainMoment } from './plain-time.ts';
import type { ReceiptFacts, ReceiptFindings } from './receipt.ts';

/** A receipt in plain sentences. Times are in UTC, and say so. */
export function receiptSentences(facts: ReceiptFacts, findings: ReceiptFindings): string[] {
  const { answers, judgement } = findings;
  const people = answers.true + answers.false;
  if (judgement === 'unjudged')
    return [
      'Nobody has said yet what it was: until then it is kept out of trainings.',
      ...ifCalledFalse(facts, findings),
      ...learntSentences(facts, findings),
    ];
  if (judgement === 'undecided')
    return [
      `People disagree: ${answers.true} of ${people} hold it for real. Until most of them agree, it quiets nothing and is kept out of trainings.`,
      ...ifCalledFalse(facts, findings),
      ...learntSentences(facts, findings),
    ];
  if (judgement === 'confirmed')
    return [
      ...(answers.false > 0 ? [`${answers.true} of ${people} people hold it for real.`] : []),
      ...(isRead(facts)
        ? ['Kept out of what the next version learns as normal; every new version is tested on it.']
        : []),
      ...learntSentences(facts, findings),
    ];
  return [
    ...(answers.true > 0 ? [`${answers.false} of ${people} people call it a false alarm.`] : []),
    ...memorySentences(facts, findings),
    ...learntSentences(facts, findings),
  ];
}

function ifCalledFalse({ anomaly, policy, nowMs }: ReceiptFacts, findings: ReceiptFindings): string[] {
  if (anomaly.patterns.length === 0 || anomaly.endMs + policy.memoryMs < nowMs) return [];
  if (findings.harmlessPatterns === 0)
    return [`Called a false alarm, it would quiet nothing: ${hidingReason(findings)}.`];
  const likes = `Called a false alarm, it would quiet alarms like this one on ${anomaly.series}.`;
  return [likes, ...similarSentences(findings)];
}

function memorySentences(facts: ReceiptFacts, findings: ReceiptFindings): string[] {
  const { anomaly, memory, policy, nowMs } = facts;
  const { harmlessPatterns } = findings;
  const overMs = memory?.untilMs ?? anomaly.endMs + policy.memoryMs;
  if (overMs < nowMs)
    return [`Alarms like this one on ${anomaly.series} were quiet until ${plainDay(overMs, nowMs)} (UTC).`];
  if (memory !== null) {
    const since = plainMoment(memory.addedAtMs, nowMs);
    const left = anomaly.patterns.length - memory.patterns.length;
    return [
      `Quiet since ${since} until ${plainDay(memory.untilMs, nowMs)}: alarms like this one on ${anomaly.series}.`,
      ...(left > 0 ? [`Part of it still raises alarms: ${hidingReason(findings)}.`] : []),
      ...similarSentences(findings),
    ];
  }
  if (anomaly.patterns.length === 0)
    return ['It quiets nothing: it was found before anything was kept of what alarms look like.'];
  if (harmlessPatterns === 0) return [`It quiets nothing: ${hidingReason(findings)}.`];
  if (findings.newerFalseAlarms >= mostRemembered)
    return [`It quiets nothing: the ${mostRemembered} newest false alarms of ${anomaly.series} do.`];
  return [
    `Alarms like this one on ${anomaly.series} go quiet within seconds.`,
    ...similarSentences(findings),
  ];
}

function hidingReason({ wouldHide }: ReceiptFindings): string {
  return wouldHide <= 1
    ? 'a confirmed anomaly of this series looks like it and would be hidden'
    : `${wouldHide} confirmed anomalies of this series look like it and would be hidden`;
}

function similarSentences({ similar, confirmed }: ReceiptFindings): string[] {
  const { alarms, wouldNotHaveFired } = similar;
  const { total, stillFound } = confirmed;
  const where = 'of the last 30 days on this series';
  const sentences: string[] = [];
  if (alarms === 0) sentences.push('There was no other alarm on this series in the last 30 days.');
  else if (alarms === 1)
    sentences.push(`The only other alarm ${where} would ${wouldNotHaveFired === 1 ? 'not ' : ''}have fired.`);
  else if (wouldNotHaveFired === 0) sentences.push(`All ${alarms} other alarms ${where} would have fired.`);
  else sentences.push(`${wouldNotHaveFired} of ${alarms} other alarms ${where} would not have fired.`);
  if (total === 1)
    sentences.push(`The confirmed anomaly ${where} would ${stillFound === 1 ? 'still' : 'not'} be found.`);
  else if (total > 1 && stillFound === total)
    sentences.push(`All ${total} confirmed anomalies would still be found.`);
  else if (total > 1) sentences.push(`${stillFound} of ${total} confirmed anomalies would still be found.`);
  return sentences;
}

function learntSentences(facts: ReceiptFacts, { learner, judgement }: ReceiptFindings): string[] {
  const settled = judgement === 'false-alarm' || judgement === 'confirmed';
  if (learner === null) {
    if (!settled) return [];
    if (!isRead(facts)) return ['It is older than what a training reads: no version will learn from it.'];
    if (judgement !== 'false-alarm') return [];
    return [`The next training learns from it, or is tested on it${whenAsked(facts)}.`];
  }
  const name = `Version ${learner.version}`;
  if (learner.as !== judgement) {
    const took = learner.as === 'confirmed' ? 'as a real anomaly' : 'as a false alarm';
    const now = settled ? 'the next training learns what people say now' : 'the next training does not';
    return [`${name} learnt it ${took}; ${now}.`];
  }
  if (learner.state === 'refused') return [`${name} learnt from it and was refused.`, ...again(facts)];
  if (learner.state === 'aborted') return [`${name} learnt from it and was taken back.`, ...again(facts)];
  if (learner.servesSinceMs !== null)
    return [`${name} learnt from it; it first served at ${plainMoment(learner.servesSinceMs, facts.nowMs)}.`];
  if (learner.state === 'candidate') return [`${name} learnt from it and is being judged.`];
  return [`${name} learnt from it; it does not serve yet.`];
}

/** Whether the next training still reads the history that it is in. */
function isRead({ anomaly, policy, nowMs }: ReceiptFacts): boolean {
  return anomaly.endMs >= nowMs - policy.historyMs;
}

function again(facts: ReceiptFacts): string[] {
  return isRead(facts) ? [`The next training takes it in again${whenAsked(facts)}.`] : [];
}

/** Nobody should wait for a training that does not come by itself. */
function whenAsked({ policy }: ReceiptFacts): string {
  return policy.paused ? ', once somebody asks for one: the model is paused' : '';
}
