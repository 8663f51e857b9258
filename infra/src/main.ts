import { Config, getStack } from '@pulumi/pulumi';
import { parseStackConfig } from './config/stack-config.ts';
import { createPlatform } from './create-platform.ts';

const config = parseStackConfig(new Config('verdict').requireObject('stack'));

/** The stack's outputs: addresses and names, nothing that is secret. */
export const platform = createPlatform(getStack(), config);
