/** Samples of a Prometheus page: name with its labels, as it stands there → value. */
export type MetricSamples = ReadonlyMap<string, number>;

export function parseMetrics(text: string): MetricSamples {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const end = line.lastIndexOf(' ');
    if (line.startsWith('#') || end < 1) continue;
    samples.set(line.slice(0, end), Number(line.slice(end + 1)));
  }
  return samples;
}

/** The sum over all samples of a name whose labels hold this text. */
export function total(samples: MetricSamples, name: string, holding = ''): number {
  let sum = 0;
  for (const [key, value] of samples)
    if ((key === name || key.startsWith(`${name}{`)) && key.includes(holding)) sum += value;
  return sum;
}
