import type { Member } from './members.ts';

/**
 * The source of a member's module with its evidence taken away: the expression is still worked out, so that the engine
 * learns as before, but what comes of it is 0.
 * @throws RangeError when the expression does not stand there exactly once
 */
export function withoutEvidence(source: string, member: Member): string {
  const { name, module, evidence } = member;
  const places = [...source.matchAll(patternOf(evidence))];
  const [place] = places;
  if (place === undefined || places.length > 1)
    throw new RangeError(
      `the member "${name}" is to stand once in ${module} as ${evidence}, and stands there ${places.length} times: bring bench/src/ablation/members.ts up to date`,
    );
  const end = place.index + place[0].length;
  return `${source.slice(0, place.index)}(${place[0]}, 0)${source.slice(end)}`;
}

/** The same tokens, however the formatter has broken the lines. */
function patternOf(evidence: string): RegExp {
  const tokens = evidence.match(/[\w.]+|\S/g) ?? [];
  const parts = tokens.map((token) => (token === ')' ? ',?\\s*\\)' : RegExp.escape(token)));
  return new RegExp(`(?<![\\w.])${parts.join('\\s*')}`, 'g');
}
