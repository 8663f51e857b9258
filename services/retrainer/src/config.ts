import { ResourceName } from '@verdict/contracts';
import { readConfig } from '@verdict/process';
import { databaseProblems } from '@verdict/storage';
import { eventHubsProblems } from '@verdict/streams';
import { z } from 'zod';

/** What both commands need. */
const common = {
  VERDICT_DATABASE_URL: z.string().min(1),
  /** `entra`: the URL has no password, tokens of Microsoft Entra ID serve instead. */
  VERDICT_DATABASE_AUTH: z.enum(['password', 'entra']).default('password'),
  VERDICT_NAMESPACE: ResourceName.default('default'),
};

/** Private key (JWK or PEM; Ed25519 or P-256) that signs what is published. */
const artefactKeyFile = z.string().min(1);
/** JWK set of public keys: only versions that one of them signed are loaded. */
const artefactJwksFile = z.string().min(1).optional();

type Problem = { name: string; message: string };
/** Tells problems of several variables together with everything else that is wrong. */
const tell = (problems: Problem[], context: z.core.$RefinementCtx) => {
  for (const { name, message } of problems) context.addIssue({ code: 'custom', path: [name], message });
};

/** What is published unsigned where signatures are asked for, nobody could load. */
function artefactProblems(config: {
  VERDICT_ARTEFACT_KEY_FILE?: string | undefined;
  VERDICT_ARTEFACT_JWKS_FILE?: string | undefined;
}): Problem[] {
  const isLacking =
    config.VERDICT_ARTEFACT_JWKS_FILE !== undefined && config.VERDICT_ARTEFACT_KEY_FILE === undefined;
  return isLacking
    ? [{ name: 'VERDICT_ARTEFACT_KEY_FILE', message: 'needed together with VERDICT_ARTEFACT_JWKS_FILE' }]
    : [];
}

/** Environment of `retrainer feedback`. */
export const FeedbackConfig = z
  .object({
    ...common,
    /** Connection string of an emulator, or of a namespace. */
    VERDICT_EVENT_HUBS_CONNECTION_STRING: z.string().min(1).optional(),
    /** Instead of it: host name of the namespace (`name.servicebus.windows.net`), reached with an identity of Azure. */
    VERDICT_EVENT_HUBS_NAMESPACE: z.string().min(1).optional(),
    VERDICT_FEEDBACK_HUB: z.string().min(1).default('feedback'),
    VERDICT_FEEDBACK_CONSUMER_GROUP: z.string().min(1).default('retrainer'),
    VERDICT_HOST: z.string().min(1).default('127.0.0.1'),
    /** Port of health and metrics; 0 = any free one. */
    VERDICT_PORT: z.coerce.number().int().min(0).max(65535).default(0),
    /** So long after its end a UTC day of history is compacted: most late readings have come by then. */
    VERDICT_COMPACT_AFTER_MINUTES: z.coerce.number().int().min(0).max(525_600).default(60),
  })
  .superRefine(
    (config, context) => tell([...eventHubsProblems(config), ...databaseProblems(config)], context),
    { when: () => true },
  );
export type FeedbackConfig = z.output<typeof FeedbackConfig>;

/** Environment of `retrainer train`. */
export const TrainConfig = z
  .object({
    ...common,
    VERDICT_BLOBS_URL: z.string().min(1),
    /** Absent: what is published is not signed. */
    VERDICT_ARTEFACT_KEY_FILE: artefactKeyFile.optional(),
    VERDICT_ARTEFACT_JWKS_FILE: artefactJwksFile,
    VERDICT_MODEL: ResourceName,
    /** Id of the trigger that asked for this training; recorded, and never used for another one. */
    VERDICT_TRIGGER_ID: z.string().min(1).max(200),
    /** Which attempt within the trigger this is, from 1. */
    VERDICT_ATTEMPT: z.coerce.number().int().min(1).default(1),
    /** For whoever can only count from 0, as Kubernetes does: so many attempts failed before this one. */
    VERDICT_FAILED_ATTEMPTS: z.coerce.number().int().min(0).default(0),
    /**
     * How many attempts whoever runs the job makes: only the last one records a failure. An attempt beyond it records
     * that those before ended without a word, and trains no more.
     */
    VERDICT_MOST_ATTEMPTS: z.coerce.number().int().min(1).default(1),
  })
  .superRefine(
    (config, context) => tell([...databaseProblems(config), ...artefactProblems(config)], context),
    { when: () => true },
  );
export type TrainConfig = z.output<typeof TrainConfig>;

/** Environment of `retrainer sign`. */
export const SignConfig = z
  .object({
    VERDICT_DATABASE_URL: common.VERDICT_DATABASE_URL,
    VERDICT_DATABASE_AUTH: common.VERDICT_DATABASE_AUTH,
    VERDICT_BLOBS_URL: z.string().min(1),
    VERDICT_ARTEFACT_KEY_FILE: artefactKeyFile,
    VERDICT_ARTEFACT_JWKS_FILE: artefactJwksFile,
  })
  .superRefine((config, context) => tell(databaseProblems(config), context), { when: () => true });
export type SignConfig = z.output<typeof SignConfig>;

/** Reads the environment; ends the process with every problem listed when it does not fit. */
export function readFeedbackConfig(): FeedbackConfig {
  return readConfig(FeedbackConfig, process.env);
}

/** Reads the environment; ends the process with every problem listed when it does not fit. */
export function readTrainConfig(): TrainConfig {
  return readConfig(TrainConfig, process.env);
}

/** Reads the environment; ends the process with every problem listed when it does not fit. */
export function readSignConfig(): SignConfig {
  return readConfig(SignConfig, process.env);
}
