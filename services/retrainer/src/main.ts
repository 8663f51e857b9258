import { runFeedbackProcess } from './feedback/feedback-process.ts';
import { runTrainProcess } from './train/train-process.ts';

const usage = `Usage: retrainer feedback | train

  feedback  records people's verdicts from the feedback hub, until it is stopped
  train     trains one model for one trigger (VERDICT_MODEL, VERDICT_TRIGGER_ID) and ends:
            0 a version was accepted or the trigger was answered before, 3 refused,
            4 failed at the last attempt, which is recorded, 1 failed before that: try again
`;

const commands: Record<string, () => void> = { feedback: runFeedbackProcess, train: runTrainProcess };
const command = commands[process.argv[2] ?? ''];
if (command) command();
else {
  const asked = process.argv.includes('--help') || process.argv.includes('-h');
  (asked ? process.stdout : process.stderr).write(usage);
  process.exitCode = asked ? 0 : 2;
}
