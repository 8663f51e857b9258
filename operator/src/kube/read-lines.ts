import { StringDecoder } from 'node:string_decoder';

/** etcd refuses objects of more than 1.5 MiB; what is so much longer is no line of a watch. */
const maxLineLength = 32 * 1024 * 1024;

/** The lines of a stream of bytes, without their ends; a last line without an end is given too. */
export async function* readLines(stream: AsyncIterable<unknown>): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const part of stream) {
    const lines = (rest + decoder.write(part as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineLength) throw new Error(`a line of more than ${maxLineLength} characters`);
    for (const line of lines) if (line !== '') yield line;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}
