// Where the machine's Chromium is.
import { existsSync } from 'node:fs';

/** Its path: what CHROMIUM names, or the first that is where packages put it. */
export function findChromium() {
  const found = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const path = found.find(candidate => candidate && existsSync(candidate));
  if (!path) throw new Error('no Chromium found: install it (apt-get install chromium) or name it in CHROMIUM');
  return path;
}
