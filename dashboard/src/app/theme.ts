/** The themes to choose from; `system` follows the machine. */
export const themes = [
  { name: 'system', text: 'As the system' },
  { name: 'light', text: 'Light' },
  { name: 'dark', text: 'Dark' },
] as const;
export type ThemeName = (typeof themes)[number]['name'];

/** public/theme.js reads the same key before the first paint. */
const storageKey = 'verdict.theme';

/** The theme chosen in this browser. */
export function chosenTheme(): ThemeName {
  const kept = localStorage.getItem(storageKey);
  return themes.find((theme) => theme.name === kept)?.name ?? 'system';
}

/** Chooses a theme, now and for later visits. */
export function chooseTheme(theme: ThemeName): void {
  if (theme === 'system') {
    localStorage.removeItem(storageKey);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(storageKey, theme);
    document.documentElement.dataset.theme = theme;
  }
}
