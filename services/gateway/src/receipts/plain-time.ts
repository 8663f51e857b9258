const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A day in UTC as people say it: `22 Dec`, with the year where it is not the present one. */
export function plainDay(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const day = `${at.getUTCDate()} ${months[at.getUTCMonth()]}`;
  return at.getUTCFullYear() === new Date(nowMs).getUTCFullYear() ? day : `${day} ${at.getUTCFullYear()}`;
}

/** A moment in UTC as people say it: `19:02 UTC` today, `21 Nov, 19:02 UTC` on other days. */
export function plainMoment(atMs: number, nowMs: number): string {
  const time = `${new Date(atMs).toISOString().slice(11, 16)} UTC`;
  const isToday = Math.floor(atMs / 86_400_000) === Math.floor(nowMs / 86_400_000);
  return isToday ? time : `${plainDay(atMs, nowMs)}, ${time}`;
}
