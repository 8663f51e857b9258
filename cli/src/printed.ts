/** The lines of an answer on stdout: JSON where that was asked for, else the text. */
export function printed(json: boolean | undefined, answer: unknown, text: string): string {
  return `${json ? JSON.stringify(answer, null, 2) : text}\n`;
}
