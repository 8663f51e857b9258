/** A table in Markdown: the first column to the left, all others to the right. */
export function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = heading.map((_, column) => (column === 0 ? '---' : '---:'));
  return [heading, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A number with some digits behind the point; `–` for none. */
export function shown(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}
