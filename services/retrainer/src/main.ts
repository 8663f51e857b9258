import { runFeedbackProcess } from './feedback/feedback-process.ts';
import { printArtefactKey } from './sign/print-artefact-key.ts';
import { runSignProcess } from './sign/sign-process.ts';
import { runTrainProcess } from './train/train-process.ts';

const usage = `Usage: retrainer feedback | train | sign | artefact-key FILE

  feedback  records people's verdicts from the feedback hub, until it is stopped
  train     trains one model for one trigger (VERDICT_MODEL, VERDICT_TRIGGER_ID) and ends:
            0 a version was accepted or the trigger was answered before, 3 refused,
            4 failed at the last attempt, which is recorded, 1 failed before that: try again
  sign      signs all versions that are registered and lack the signature of VERDICT_ARTEFACT_KEY_FILE, and ends:
            0 all are signed, 3 some are not what the registry says of them, 1 try again
  artefact-key FILE
            makes a private key that signs versions unless the file is there, and prints its public half
`;

const commands: Record<string, () => void> = {
  feedback: runFeedbackProcess,
  train: runTrainProcess,
  sign: runSignProcess,
  'artefact-key': () => {
    const print = (text: string) => void process.stdout.write(text);
    const complain = (text: string) => void process.stderr.write(text);
    void printArtefactKey(process.argv[3], { print, complain }).then((code) => {
      process.exitCode = code;
    });
  },
};
const command = commands[process.argv[2] ?? ''];
if (command) command();
else {
  const asked = process.argv.includes('--help') || process.argv.includes('-h');
  (asked ? process.stdout : process.stderr).write(usage);
  process.exitCode = asked ? 0 : 2;
}
