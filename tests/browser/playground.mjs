// Opens the playground in the machine's Chromium, does what a person would, and fails on what a person would
// not see: a request to another origin, a breach of the content security policy, an error in the console.
//
//   node playground.mjs URL PICTURE.png [--person HANDLE] [--tab NAME]... [--all] [--expect TEXT] [--dark]
//
// --tab NAME runs the tab of that name (may be repeated, in order); --all runs each tab from left to right; without
// either the open tab is run. --expect TEXT must be in the last result. Prints each result as one line of JSON.
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';

const WAIT_MS = 20_000;
/** After this an operation that still runs, as a subscription does, is stopped. */
const ANSWER_MS = 4_000;
const POLL_MS = 50;
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    person: { type: 'string' },
    tab: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    expect: { type: 'string' },
    dark: { type: 'boolean', default: false },
    width: { type: 'string', default: '1440' },
  },
});
const [url, picture] = positionals;
if (!url || !picture) {
  console.error('usage: node playground.mjs URL PICTURE.png [--person HANDLE] [--tab NAME]... [--all] [--expect TEXT] [--dark]');
  process.exit(2);
}

/** Collects what must not happen. */
function watch(page) {
  const faults = [];
  const origin = new URL(url).origin;
  const isOwn = address => ['data:', 'blob:'].includes(new URL(address).protocol) || new URL(address).origin === origin;
  page.on('request', request => {
    if (!isOwn(request.url())) faults.push(`request to another origin: ${request.url()}`);
  });
  page.on('websocket', socket => {
    if (new URL(socket.url()).host !== new URL(url).host) faults.push(`socket to another host: ${socket.url()}`);
  });
  page.on('console', message => {
    // Outside of the demo the server has no list of people and says so with a 404.
    const isPeople = message.location().url.endsWith('/people.json');
    if (message.type() === 'error' && !isPeople) faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', error => faults.push(`uncaught: ${error.message}`));
  return faults;
}

async function choosePerson(page, handle) {
  await page.getByTestId('person').click();
  await page.locator(`[data-person="${handle}"]`).click();
  await page.locator(`[data-testid="person"][data-handle="${handle}"]`).waitFor();
}

/** Collects the answers to operations, whole: the editor shows only the lines that fit the screen. */
function listen(page) {
  const answers = [];
  page.on('response', async response => {
    const isOperation = new URL(response.url()).pathname === '/graphql' && response.request().method() === 'POST';
    if (!isOperation || response.request().postData()?.includes('IntrospectionQuery')) return;
    answers.push(await response.text().catch(() => ''));
  });
  page.on('websocket', socket =>
    socket.on('framereceived', ({ payload }) => {
      const message = JSON.parse(payload);
      if (['next', 'error'].includes(message.type)) answers.push(JSON.stringify(message.payload));
    }),
  );
  return answers;
}

/** What the page says itself, as when a variable has no value yet. */
const shown = page => page.locator('.result-window .view-lines').innerText();

async function run(page, answers) {
  const before = answers.length;
  const button = page.locator('.graphiql-execute-button');
  const isIdle = async () => (await button.getAttribute('aria-label'))?.startsWith('Execute');
  await button.click();
  for (const deadline = Date.now() + ANSWER_MS; Date.now() < deadline; await page.waitForTimeout(POLL_MS)) {
    if ((await isIdle()) && (answers.length > before || (await shown(page)).includes('{'))) break;
  }
  if (!(await isIdle())) await button.click();
  // The answer is on the wire before it is on the screen.
  await page.waitForTimeout(POLL_MS);
  return answers.length > before ? answers.at(-1) : await shown(page);
}

/** A result that asked for a file gets the page's sample. */
async function sendSample(page) {
  const button = page.getByRole('button', { name: 'Send the sample PDF' });
  if (!(await button.isVisible())) return;
  await button.click();
  const outcome = page.getByText(/^(Sent .* bytes|Not sent)/);
  await outcome.waitFor();
  const text = await outcome.textContent();
  if (!text.startsWith('Sent')) throw new Error(text);
}

async function runTabs(page, answers) {
  const tabs = page.locator('.graphiql-tab .graphiql-tab-button');
  const wanted = options.all ? await tabs.allTextContents() : options.tab;
  if (wanted.length === 0) return run(page, answers);
  let last = '';
  for (const name of wanted) {
    await tabs.filter({ hasText: new RegExp(`^${name}$`) }).first().click();
    last = await run(page, answers);
    await sendSample(page);
    console.log(JSON.stringify({ tab: name, result: last }));
  }
  return last;
}

const browser = await chromium.launch({ executablePath: findChromium(), chromiumSandbox: false, args: FLAGS });
try {
  const page = await browser.newPage({
    viewport: { width: Number(options.width), height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
  });
  page.setDefaultTimeout(WAIT_MS);
  const faults = watch(page);
  const answers = listen(page);
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.locator('.graphiql-execute-button').waitFor();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  if (options.person) await choosePerson(page, options.person);
  const last = await runTabs(page, answers);
  await page.screenshot({ path: picture });
  if (options.expect && !last.includes(options.expect)) faults.push(`the result lacks ${options.expect}: ${last}`);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await browser.close();
}
