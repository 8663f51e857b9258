// How docker, podman and buildah are asked for one image.
import { spawnSync } from 'node:child_process';

/** The first of these that is installed and works is used. */
const builders = {
  docker: {
    probe: ['info', '--format', '{{.ServerVersion}}'],
    build: ({ labels, args }) => ['build', ...args, ...labels],
    size: (image) => ['image', 'inspect', '--format', '{{.Size}}', image],
  },
  podman: {
    probe: ['info', '--format', '{{.Version.Version}}'],
    // Its cache does not see what a bind mount holds.
    build: ({ labels, args, epoch }) => [
      'build',
      '--no-cache',
      '--timestamp',
      `${epoch}`,
      ...args,
      ...labels,
    ],
    size: (image) => ['image', 'inspect', '--format', '{{.Size}}', image],
  },
  buildah: {
    probe: ['version'],
    build: ({ labels, args, epoch }) => ['bud', '--timestamp', `${epoch}`, ...args, ...labels],
    size: (image) => ['images', '--format', '{{.Size}}', image],
  },
};

/**
 * The builder to use: `wanted`, or the first one that answers. Throws when there is none.
 * VERDICT_IMAGE_BUILDER_FLAGS and VERDICT_IMAGE_BUILD_FLAGS are handed to the tool, before and after its command.
 */
export function findBuilder(wanted, environment) {
  const names = wanted === undefined ? Object.keys(builders) : [wanted];
  const flags = words(environment.VERDICT_IMAGE_BUILDER_FLAGS);
  for (const name of names) {
    const builder = builders[name];
    if (!builder) throw new Error(`no builder "${name}"; there are ${Object.keys(builders).join(', ')}`);
    const probe = spawnSync(name, [...flags, ...builder.probe], { stdio: 'ignore' });
    if (probe.status === 0)
      return { name, flags, buildFlags: words(environment.VERDICT_IMAGE_BUILD_FLAGS), ...builder };
  }
  throw new Error(`none of ${names.join(', ')} works here: install one of them to build images`);
}

function words(text) {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}
