import type { FuzzAnswer, FuzzRequest } from './fuzz-request.ts';

/** What an answer must never show: where we are, and how we came there. */
const insides =
  /\n\s+at .+:\d+:\d+|node:internal|node_modules|\/packages\/|\/services\/|\.ts:\d+|SELECT .+ FROM /;
/** Node's own 100 and 101 have no body; `204` neither. */
const largestBody = 4 * 1024 * 1024;

/** What is wrong with an answer; null when nothing is. */
export function judgeAnswer(request: FuzzRequest, answer: FuzzAnswer): string | null {
  const { status, body } = answer;
  if (status >= 500) return `answered with ${status}: ${body.slice(0, 300)}`;
  if (insides.test(body) && !isPage(request)) return `shows its insides: ${body.slice(0, 300)}`;
  if (request.kind === 'live') return null;
  if (request.kind === 'raw') return judgeRaw(request.only, answer);
  if (status === 0)
    return (request.body?.length ?? 0) > largestBody ? null : 'the connection was cut without an answer';
  return status >= 400 ? judgeRefusal(request.path.split('?')[0] ?? '', answer) : null;
}

function judgeRaw(only: number | undefined, answer: FuzzAnswer): string | null {
  const { status, body } = answer;
  const statuses = [...body.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, code]) => Number(code));
  if (statuses.some((code) => code >= 500)) return `answered with ${statuses.join(', ')}`;
  if (only !== undefined && (status !== only || statuses.length !== 1))
    return `answered with ${statuses.join(', ') || 'nothing'} instead of ${only} alone`;
  // The live connection has a form of its own, which its clients know.
  if (
    status < 400 ||
    body.startsWith('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html')
  )
    return null;
  return answer.contentType.startsWith('application/problem+json')
    ? null
    : `${status} is no problem+json: ${body.slice(0, 300)}`;
}

/** Every refusal says what is wrong: as a problem, or in the form of its route. */
function judgeRefusal(path: string, { status, contentType, body }: FuzzAnswer): string | null {
  if (path.startsWith('/socket.io/')) return body === '' ? `${status} without a word` : null;
  const isText = path === '/api/v1/write' && contentType.startsWith('text/plain');
  const isStatus = path === '/v1/metrics' && /^application\/(json|x-protobuf)/.test(contentType);
  if (isText || isStatus) return body.length > 5 ? null : `${status} without a word`;
  if (!contentType.startsWith('application/problem+json'))
    return `${status} is ${contentType || 'nothing'}, no problem+json`;
  try {
    const problem = JSON.parse(body) as { detail?: unknown; title?: unknown; status?: unknown };
    if (problem.status !== status) return `the problem says ${String(problem.status)}, not ${status}`;
    if (typeof problem.detail !== 'string' || problem.detail.length < 5)
      return `${status} says nothing: ${body.slice(0, 200)}`;
    return null;
  } catch {
    return `the problem is no JSON: ${body.slice(0, 200)}`;
  }
}

/** Documentation speaks of paths. */
function isPage(request: FuzzRequest): boolean {
  return request.kind === 'written' && /^\/(docs|openapi)/.test(request.path);
}
