import { HttpProblem } from '@verdict/process';
import { BrokenMessage } from './protobuf-fields.ts';

/** Decodes a body that is to be the message `name`. Problems: 400 where it is not. */
export function decodeBody<Message>(name: string, decode: () => Message): Message {
  try {
    return decode();
  } catch (error) {
    if (error instanceof BrokenMessage)
      throw new HttpProblem(400, { detail: `The body is no ${name}: ${error.message}.` });
    throw error;
  }
}
