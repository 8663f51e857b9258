/** Lines of a CSV file: two signals with a rhythm, some bursts, a repeated time and an empty cell. */
export function wavyLines(readings: number): string[] {
  return Array.from({ length: readings }, (_, row) => {
    const rough = Math.sin(row * 12.9898) * 43758.5453;
    const noise = rough - Math.floor(rough);
    const burst = row % 377 > 371 ? 60 : 0;
    const load = 100 + 20 * Math.sin((2 * Math.PI * row) / 96) + 2 * noise + burst;
    const errors = row % 211 === 210 ? '' : String(Math.round(5 * noise) + (row % 613 === 612 ? 40 : 0));
    // Every 400th reading repeats the time of the one before it.
    const at = 1_700_000_000 + 60 * (row % 400 === 399 ? row - 1 : row);
    return `${new Date(at * 1000).toISOString()},${load.toFixed(3)},${errors}`;
  });
}

/** A whole file of such readings. */
export function wavyFile(readings: number): string {
  return `time,load,errors\n${wavyLines(readings).join('\n')}\n`;
}
