import type { PartitionLog } from '../log/partition-log.ts';
import type { Hub } from '../store/hub.ts';
import type { Namespace } from '../store/namespace.ts';
import { CONDITION, Refusal } from './link-error.ts';

/** The hub of a name. @throws Refusal `amqp:not-found`, in words by which clients know a missing entity */
export function findHub(namespace: Namespace, name: string): Hub {
  const hub = namespace.findHub(name);
  if (hub === undefined) throw notFound(name);
  return hub;
}

/** The log of a partition. @throws Refusal `com.microsoft:argument-out-of-range`, as by the service */
export function findPartition(hub: Hub, partition: string): PartitionLog {
  const log = /^\d{1,5}$/.test(partition) ? hub.partitions[Number(partition)] : undefined;
  if (log === undefined) {
    throw new Refusal(
      CONDITION.outOfRange,
      `The specified partition is invalid for an EventHub partition sender or receiver. It should be between 0 and ${hub.partitions.length - 1}.`,
    );
  }
  return log;
}

/** @throws Refusal `amqp:not-found` when the hub has no such consumer group */
export function requireConsumerGroup(hub: Hub, consumerGroup: string): void {
  if (!hub.consumerGroups.has(consumerGroup.toLowerCase())) {
    throw notFound(`${hub.name}/ConsumerGroups/${consumerGroup}`);
  }
}

function notFound(path: string): Refusal {
  return new Refusal(CONDITION.notFound, `The messaging entity '${path}' could not be found.`);
}
