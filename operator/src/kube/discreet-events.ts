import { withoutSecrets } from '@verdict/process';
import type { EventRecorder } from './event-recorder.ts';

/** Events may be read by people who may read no Secret: what looks like one is left out of their messages. */
export function discreetEvents(recorder: EventRecorder): EventRecorder {
  return {
    record: (about, note) => recorder.record(about, { ...note, message: withoutSecrets(note.message) }),
  };
}
