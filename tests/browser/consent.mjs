// Walks a customer through the consent page in the machine's Chromium, with scripts switched off, and fails on what a person would not
// see: a request to another origin, a breach of the content security policy, a cookie, text that does not fit the screen.
//
//   node consent.mjs URL [--pictures FOLDER]
//
// Opens the page at desktop and phone width, light and dark, in both languages; goes to the confirmation and back; declines on the phone.
// Prints the heading of each page as one line of JSON.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';

const WAIT_MS = 20_000;
const SCREENS = {
  desktop: { viewport: { width: 1200, height: 900 }, deviceScaleFactor: 1 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};
const REASON = 'They have not worked for us since spring.\nWe are with somebody else now.';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { pictures: { type: 'string' } } });
const [url] = positionals;
if (!url) {
  console.error('usage: node consent.mjs URL [--pictures FOLDER]');
  process.exit(2);
}

const faults = [];

async function open(browser, screen, { colorScheme = 'light', locale = 'en-GB' } = {}) {
  const context = await browser.newContext({ ...SCREENS[screen], colorScheme, locale, javaScriptEnabled: false });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  page.on('request', request => {
    if (new URL(request.url()).origin !== new URL(url).origin) faults.push(`request to another origin: ${request.url()}`);
    if (request.headers().referer) faults.push(`a referrer was sent: ${request.headers().referer}`);
  });
  // Browsers ask for an icon by themselves, which the policy forbids.
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('favicon')) faults.push(`console: ${message.text()}`);
  });
  await page.goto(url);
  return page;
}

async function look(page, name) {
  const heading = await page.getByRole('heading', { level: 1 }).innerText();
  console.log(JSON.stringify({ name, heading }));
  const { clientWidth, scrollWidth } = await page.locator('html').evaluate(html => ({ clientWidth: html.clientWidth, scrollWidth: html.scrollWidth }));
  if (scrollWidth > clientWidth) faults.push(`${name}: ${scrollWidth} pixels do not fit ${clientWidth}`);
  if (options.pictures) await page.screenshot({ path: join(options.pictures, `${name}.png`), fullPage: true });
}

/** Presses something that leads to another page, and waits for it. */
async function follow(page, role, name) {
  const arrived = page.waitForEvent('load');
  await page.getByRole(role, { name }).click();
  await arrived;
}

async function close(page) {
  const cookies = await page.context().cookies();
  if (cookies.length) faults.push('a cookie was set');
  await page.context().close();
}

const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const desktop = await open(browser, 'desktop');
  await look(desktop, 'desktop');
  await follow(desktop, 'link', 'Polski');
  await look(desktop, 'desktop-polish');
  await close(desktop);

  const dark = await open(browser, 'desktop', { colorScheme: 'dark', locale: 'pl-PL' });
  await look(dark, 'desktop-dark-polish');
  await close(dark);

  const phone = await open(browser, 'phone');
  await look(phone, 'phone');
  await phone.getByLabel('Reason (optional)').fill(REASON);
  await follow(phone, 'button', 'Decline this association…');
  await look(phone, 'phone-confirm');
  await follow(phone, 'link', 'No, go back');
  await look(phone, 'phone-back');
  await phone.getByLabel('Reason (optional)').fill(REASON);
  await follow(phone, 'button', 'Decline this association…');
  await follow(phone, 'button', 'Yes, decline');
  await look(phone, 'phone-declined');
  await phone.reload();
  await look(phone, 'phone-again');
  await close(phone);

  const after = await open(browser, 'desktop');
  await look(after, 'desktop-declined');
  await close(after);
} finally {
  await browser.close();
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length ? 1 : 0;
