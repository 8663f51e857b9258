import type { IncomingMessage } from 'node:http';
import { answerError, connectionError, statusError, timeoutError } from './answer-error.ts';
import type { HttpTransport } from './http-transport.ts';
import type { WatchEvent, WatchOptions } from './kube-client.ts';
import { KubeError, type StatusBody } from './kube-error.ts';
import type { KubeObject } from './kube-object.ts';
import { selectionQuery } from './list-pages.ts';
import { readLines } from './read-lines.ts';
import { collectionPath, type ResourceKind } from './resource-kind.ts';

/** A server that keeps a watch open so much longer than it was asked to has forgotten it. */
const overtimeMs = 15_000;

interface RawEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: unknown;
}

/**
 * One watch, from its request to its end. Guards: `connectMs` until the first byte of the answer, `silenceMs` between
 * two lines, and the time the server was asked to end it after. Whatever ends it, the connection is closed.
 */
export async function* openWatch<T extends KubeObject>(
  transport: HttpTransport,
  kind: ResourceKind<T>,
  options: WatchOptions & { readonly connectMs: number; readonly silenceMs: number },
): AsyncIterable<WatchEvent<T>> {
  const asked = `watch ${kind.plural}`;
  const { connectMs, silenceMs, timeoutSeconds, signal } = options;
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(signal.reason);
  const late = (ms: number) => () => controller.abort(timeoutError(asked, ms));
  signal.throwIfAborted();
  signal.addEventListener('abort', giveUp, { once: true });
  const wholeMs = timeoutSeconds * 1000 + overtimeMs;
  const whole = setTimeout(late(wholeMs), wholeMs);
  let guard = setTimeout(late(connectMs), connectMs);
  try {
    const answer = await transport.send({
      method: 'GET',
      path: watchPath(kind, options),
      signal: controller.signal,
    });
    if (answer.statusCode !== 200) throw answerError(asked, answer, await wholeText(answer));
    clearTimeout(guard);
    guard = setTimeout(late(silenceMs), silenceMs);
    for await (const line of readLines(answer)) {
      guard.refresh();
      yield eventOf<T>(line, asked);
    }
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    throw error instanceof KubeError ? error : connectionError(asked, error);
  } finally {
    clearTimeout(whole);
    clearTimeout(guard);
    signal.removeEventListener('abort', giveUp);
    controller.abort();
  }
}

function watchPath(kind: ResourceKind, options: WatchOptions): string {
  const query = selectionQuery(options);
  query.set('watch', 'true');
  query.set('allowWatchBookmarks', 'true');
  query.set('resourceVersion', options.resourceVersion);
  query.set('timeoutSeconds', String(options.timeoutSeconds));
  return `${collectionPath(kind, options.namespace)}?${query}`;
}

async function wholeText(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const line of readLines(answer)) text += line;
  return text;
}

function eventOf<T extends KubeObject>(line: string, asked: string): WatchEvent<T> {
  const { type, object } = JSON.parse(line) as RawEvent;
  if (type === 'ERROR') throw statusError(asked, object as StatusBody);
  if (type !== 'BOOKMARK') return { type, object: object as T };
  return { type, resourceVersion: (object as KubeObject).metadata.resourceVersion ?? '' };
}
