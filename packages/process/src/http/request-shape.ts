import type { RequestHandler } from 'express';
import { edgeLimits } from './edge-limits.ts';
import { HttpProblem } from './http-problem.ts';

/**
 * Refuses what no route should have to look at: an address that is too long (414) or has U+0000 in it (400), which no
 * database holds, and a request with no Host or with several (400), which two servers in a row could read in two ways.
 */
export const requestShape: RequestHandler = (request, _response, next) => {
  if (request.url.length > edgeLimits.urlChars)
    throw new HttpProblem(414, {
      detail: `The address has ${request.url.length} characters; at most ${edgeLimits.urlChars} are taken.`,
    });
  if (request.url.includes('%00'))
    throw new HttpProblem(400, { detail: 'The address has the character U+0000 (%00) in it.' });
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts !== 1)
    throw new HttpProblem(400, { detail: `One Host header is needed; the request has ${hosts}.` });
  next();
};
