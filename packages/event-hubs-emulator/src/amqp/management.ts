import rhea, { type Message } from 'rhea';
import { pathCovers, verifySasToken } from '../sas-token.ts';
import type { Hub } from '../store/hub.ts';
import type { Claims } from './claims.ts';
import { findHub, findPartition } from './find-entity.ts';
import { CONDITION, Refusal } from './link-error.ts';
import type { Answer } from './request-link.ts';
import type { ServerContext } from './server-context.ts';

/** Answers a READ over `$management`: the properties of a hub or of one of its partitions. */
export function answerManagement(request: Message, claims: Claims, context: ServerContext): Answer {
  const properties = request.application_properties ?? {};
  const hubName = String(properties.name ?? '');
  try {
    if (properties.operation !== 'READ') {
      return { status: 501, description: 'Only READ is known.', condition: CONDITION.notImplemented };
    }
    if (!mayRead(hubName, properties.security_token, claims, context)) {
      return {
        status: 401,
        description: `Unauthorized access to '${hubName}'.`,
        condition: CONDITION.unauthorized,
      };
    }
    const hub = findHub(context.namespace, hubName);
    if (properties.type === 'com.microsoft:eventhub') return ok(hubProperties(hub));
    if (properties.type === 'com.microsoft:partition') {
      return ok(partitionProperties(hub, String(properties.partition ?? '')));
    }
    return { status: 400, description: 'The type is not known.', condition: CONDITION.argument };
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    const { condition, description } = failure.error;
    return { status: condition === CONDITION.notFound ? 404 : 400, description, condition };
  }
}

function mayRead(hubName: string, token: unknown, claims: Claims, { key, nowMs }: ServerContext): boolean {
  const path = hubName.toLowerCase();
  if (claims.cover(`${path}/$management`)) return true;
  if (typeof token !== 'string') return false;
  const verdict = verifySasToken(token, key, nowMs());
  return verdict.ok && pathCovers(verdict.claim.path, path);
}

function hubProperties(hub: Hub): Record<string, unknown> {
  const { types } = rhea;
  const ids = hub.partitions.map((_, index) => String(index));
  return {
    type: 'com.microsoft:eventhub',
    name: hub.name,
    created_at: types.wrap_timestamp(hub.createdOnMs),
    partition_count: types.wrap_int(ids.length),
    partition_ids: types.wrap_array(ids, 0xa1, undefined),
    georeplication_factor: types.wrap_int(1),
  };
}

function partitionProperties(hub: Hub, partition: string): Record<string, unknown> {
  const { types } = rhea;
  const { state } = findPartition(hub, partition);
  return {
    type: 'com.microsoft:partition',
    name: hub.name,
    partition,
    begin_sequence_number: types.wrap_long(state.beginningSequenceNumber),
    last_enqueued_sequence_number: types.wrap_long(state.lastSequenceNumber),
    last_enqueued_offset: String(state.lastOffset),
    last_enqueued_time_utc: types.wrap_timestamp(state.lastEnqueuedAtMs),
    is_partition_empty: state.isEmpty,
  };
}

function ok(body: unknown): Answer {
  return { status: 200, description: 'OK', body };
}
