/**
 * Settings of a gateway whose people are programs: an hour of the data takes seconds, and they answer everything at once.
 * By default that is a flood of answers, which counts for nothing until an admin accepts it.
 */
export const answerWithoutLimit = {
  VERDICT_ANSWERS_PER_HOUR: '100000',
  VERDICT_ANSWERS_PER_DAY: '100000',
  VERDICT_FLOOD_PER_MINUTE: '100000',
} as const;
