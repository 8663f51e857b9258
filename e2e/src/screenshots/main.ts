import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createPlatformClient } from '@verdict/platform-client';
import { launchBrowser } from '../browser/launch-browser.ts';
import { showIn } from '../browser/show-in.ts';
import { signIn } from '../browser/sign-in.ts';
import { chooseAnomaly } from './choose-anomaly.ts';
import { chartDrawn, documentationScreens, type Screen } from './screens.ts';

const help = `Takes the pictures of the documentation from a running Verdict that has anomalies.

Usage: node e2e/src/screenshots/main.ts --password-file FILE [options]
  --url URL             where Verdict runs (http://127.0.0.1:8080)
  --user NAME           who signs in (admin)
  --password-file FILE  a file that holds the password
  --out FOLDER          where the pictures go (docs/images)
  --anomaly ID          the anomaly to show; else one that shows much
  --page PATH --name NAME [--theme light|dark]
                        one picture only, of a page with a chart, such as /ui/series/bank/ledger?range=6h
`;

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    user: { type: 'string', default: 'admin' },
    'password-file': { type: 'string' },
    out: { type: 'string', default: 'docs/images' },
    anomaly: { type: 'string' },
    page: { type: 'string' },
    name: { type: 'string' },
    theme: { type: 'string', default: 'light' },
    help: { type: 'boolean', short: 'h' },
  },
});
const passwordFile = values['password-file'];
if (values.help || passwordFile === undefined) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}
const login = { username: values.user, password: (await readFile(passwordFile, 'utf8')).trim() };

async function screensToTake(): Promise<Screen[]> {
  const { page, name, theme } = values;
  if (page !== undefined && name !== undefined)
    return [{ name, path: page, theme: theme === 'dark' ? 'dark' : 'light', ready: chartDrawn }];
  const client = createPlatformClient({ url: values.url, credentials: login });
  const anomaly =
    values.anomaly === undefined
      ? chooseAnomaly((await client.anomalies({ limit: 500 })).items)
      : await client.anomaly(values.anomaly);
  if (anomaly === undefined) throw new Error('There is no anomaly yet; wait until the inbox has some.');
  return documentationScreens(anomaly);
}

const screens = await screensToTake();
await mkdir(values.out, { recursive: true });
const launched = await launchBrowser();
try {
  const page = await launched.browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(values.url);
  await signIn(page, login);
  await page.getByRole('status', { name: 'Connection: Live' }).waitFor();
  // Otherwise the pointer rests where the button was, and a chart there shows its tooltip.
  await page.mouse.move(0, 0);
  for (const screen of screens) {
    await page.goto(new URL(screen.path, values.url).href);
    await screen.ready(page);
    await page.waitForLoadState('networkidle');
    await showIn(page, screen.theme);
    const file = path.join(values.out, `${screen.name}.png`);
    await page.screenshot({ path: file });
    console.log(file);
  }
} finally {
  await launched.close();
}
