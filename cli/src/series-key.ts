/** A series key segment made of any text: what a key cannot hold becomes `_`. */
export function seriesKeyFrom(text: string): string {
  const key = text.replace(/[^A-Za-z0-9._:-]+/g, '_').slice(0, 150);
  return /^\.{0,2}$/.test(key) ? '_' : key;
}

/** A signal name made of any text, such as a CSV heading: what a name cannot hold becomes `_`. */
export function signalNameFrom(text: string): string {
  const name = text.trim().replace(/[^A-Za-z0-9._:-]+/g, '_');
  return (/^[A-Za-z_]/.test(name) ? name : `_${name}`).slice(0, 80);
}
