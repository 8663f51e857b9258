/** CPU time of this process so far, ms, all threads. Unlike the clock it does not tell of others at work. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
