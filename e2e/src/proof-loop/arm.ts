import path from 'node:path';
import { createPlatformClient, type PlatformClient } from '@verdict/platform-client';
import { answerWithoutLimit } from '../platform/answer-without-limit.ts';
import { adminPassword, type RunningPlatform, startPlatform } from '../platform/start-platform.ts';
import { type People, startPeople } from './people.ts';
import type { Scenario } from './scenario.ts';
import type { ArmName } from './size.ts';

/** A running platform with the people who judge what it shows. */
export interface Arm {
  readonly name: ArmName;
  readonly platform: RunningPlatform;
  readonly client: PlatformClient;
  readonly people: People;
}

/** Starts a platform of the proof on a data folder inside `root`. */
export async function startArmPlatform(root: string, folder: string): Promise<RunningPlatform> {
  return startPlatform({
    dataFolder: path.join(root, folder),
    manifests: path.join(root, 'manifests'),
    environment: {
      // The times of the readings lie in the past.
      VERDICT_RETENTION_DAYS: '36500',
      VERDICT_USERS_FILE: path.join(root, 'people.json'),
      ...answerWithoutLimit,
    },
  });
}

export function adminClient({ url }: Pick<RunningPlatform, 'url'>): PlatformClient {
  return createPlatformClient({ url, credentials: { username: 'admin', password: adminPassword } });
}

export function peopleOf(name: ArmName, platform: RunningPlatform, scenario: Scenario): People {
  return startPeople({ url: platform.url, scenario, withLiar: name === 'liar' });
}

/** Stops a platform; one that does not stop cleanly is a failure. */
export async function stopCleanly(platform: RunningPlatform): Promise<void> {
  const code = await platform.stop();
  if (code !== 0) throw new Error(`the platform stopped with code ${code}:\n${platform.output()}`);
}
