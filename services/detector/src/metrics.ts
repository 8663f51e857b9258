import { Counter, Gauge, Histogram, type Registry } from '@verdict/process';

export type DetectorMetrics = ReturnType<typeof detectorMetrics>;

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What a detector measures; every name begins with `verdict_detector_`. */
export function detectorMetrics(registry: Registry) {
  const named = (name: string, help: string, labelNames: string[] = []) => ({
    name: `verdict_detector_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  const counter = (name: string, help: string, labels?: string[]) => new Counter(named(name, help, labels));
  const gauge = (name: string, help: string, labels?: string[]) => new Gauge(named(name, help, labels));
  const timing = (name: string, help: string, labels?: string[]) =>
    new Histogram({ ...named(name, help, labels), buckets: seconds });
  return {
    readings: counter('readings_total', 'Readings scored and committed'),
    duplicates: counter('duplicates_total', 'Repeated readings that were dropped'),
    late: counter('late_total', 'Readings older than the newest one of their series, put to dead letters'),
    deadLetters: counter('dead_letters_total', 'Dead letters by reason', ['reason']),
    unscoredValues: counter(
      'unscored_values_total',
      'Values that no score looks at: missing ones, and those of signals that the model does not name',
      ['cause'],
    ),
    anomalies: counter('anomalies_total', 'Changes of anomalies committed, by kind', ['kind']),
    batchReadings: new Histogram({
      ...named('batch_readings', 'Own readings in a batch'),
      buckets: [1, 10, 50, 100, 500, 1000, 5000, 10_000, 50_000, 100_000],
    }),
    scoringSeconds: timing('scoring_seconds', 'Time to score a batch'),
    commitSeconds: timing('commit_seconds', 'Time to commit a batch, retries included'),
    eventAge: new Histogram({
      ...named('event_age_seconds', 'From the hub taking the last event of a batch to its commit'),
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600, 3600],
    }),
    quieted: counter(
      'quieted_total',
      'Readings kept from alarming because their like is a known false alarm',
    ),
    lagEvents: gauge('checkpoint_lag_events', 'Events in the hub behind the checkpoint', ['partition']),
    leaseChanges: counter(
      'lease_changes_total',
      'Leases of partitions that were taken, given back, or lost to another holder',
      ['change'],
    ),
    held: gauge('held_partitions', 'Partitions whose lease this process holds'),
    stalled: gauge('stalled', '1 while a held partition cannot be processed', ['partition']),
    version: gauge('model_version', 'Model version in force', ['partition']),
    overlay: gauge('overlay', 'Number of the false-alarm memory in force', ['partition']),
    shadow: gauge('shadow_version', 'Version scored beside the one in force; -1 = none', ['partition']),
    shadowsLetGo: counter(
      'shadows_let_go_total',
      'Times that a version scored beside another threw or took too much time or memory',
      ['cause'],
    ),
    versionFailures: counter('version_failures_total', 'Times that a version threw', ['version']),
    unusableVersions: counter(
      'unusable_versions_total',
      'Times that a version was not loaded: missing, altered or not to be opened (artefact), or signed by nobody who is trusted (signature)',
      ['fault'],
    ),
    snapshotBytes: gauge(
      'snapshot_bytes',
      'Size of the newest whole snapshot and of all changes that follow it: what a restore reads',
      ['partition'],
    ),
    snapshotWritten: counter('snapshot_written_bytes_total', 'Bytes of snapshots that were stored', ['kind']),
    snapshotSeconds: timing('snapshot_seconds', 'Time to take and store a snapshot', ['kind']),
    snapshotFailures: counter('snapshot_failures_total', 'Snapshots that could not be stored'),
    snapshotsUnusable: counter(
      'snapshots_unusable_total',
      'Snapshots that were missing or damaged at a claim',
    ),
    rebuilt: counter('rebuilt_total', 'Claims whose state had to be built from the earliest event on'),
    replayed: counter('replayed_events_total', 'Events scored again after a claim, outputs suppressed'),
    gapEvents: counter('gap_events_total', 'Events that the hub had dropped before they were read'),
    poisonous: counter('poisonous_total', 'Events put to dead letters because processing them crashed'),
    restarts: counter('restarts_total', 'Times a partition was started over from its last commit', ['cause']),
    notified: counter('notifications_total', 'Changes of anomalies told to the gateway'),
    notifySeconds: timing('notification_seconds', 'Time to tell the gateway of changes, failures included'),
    notifyFailures: counter('notification_failures_total', 'Tries to tell the gateway that failed'),
  };
}
