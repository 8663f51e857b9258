// Runs before the first paint, so that a chosen theme never flashes; a file, because the page allows no inline script.
try {
  const theme = localStorage.getItem('verdict.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be closed to this page: then the system's theme it is.
  delete document.documentElement.dataset.theme;
}
