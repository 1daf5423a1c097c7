// `EventSource` in the machine's Chromium: it cannot send a header, so the page asks for a ticket first, as an application would.
//
//   node events.mjs URL-OF-GRAPHQL TOKEN [LOCATION]
//
// Hears an event, loses the stream, misses an event, goes on after the last one with a new ticket, and finds that a used ticket is
// worth nothing.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';

const [url, token, location = '1000001'] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-background-networking'] });
try {
  const page = await browser.newPage();
  // A page of an application on the same origin; the server's own pages forbid themselves to ask.
  const app = new URL('/app', url).href;
  await page.route(app, route => route.fulfill({ contentType: 'text/html', body: '<title>An application</title>' }));
  await page.goto(app);
  const heard = await page.evaluate(inPage, [token, location]);
  assert.deepEqual(heard.references, ['first', 'while away', 'back again'], 'nothing lost, nothing twice');
  assert.equal(heard.refused, true, 'a used ticket opens nothing');
  console.log('EventSource: all as expected');
} finally {
  await browser.close();
}

async function inPage([token, location]) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (query, variables) => {
    const response = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const answer = await response.json();
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  const address = async variables => {
    const { ticket } = await (await fetch('/graphql/stream-ticket', { method: 'POST', headers: { authorization: headers.authorization } })).json();
    const query = `subscription ($filter: ClaimEventFilter, $after: Cursor) {
      claimEvents(filter: $filter, after: $after) { cursor claim { externalReference } } }`;
    return `/graphql?${new URLSearchParams({ ticket, query, variables: JSON.stringify(variables) })}`;
  };

  const input = { location, idempotencyKey: crypto.randomUUID() };
  const { claimCreate } = await ask('mutation ($input: ClaimCreateInput!) { claimCreate(input: $input) { claim { id } } }', { input });
  const claimId = claimCreate.claim.id;
  const change = externalReference =>
    ask('mutation ($input: ClaimUpdateInput!) { claimUpdate(input: $input) { userErrors { code } } }', { input: { claimId, externalReference } });

  const references = [];
  let cursor = null;
  const listen = async after => {
    const from = await address({ filter: { claimIds: [claimId] }, after });
    const source = new EventSource(from);
    let told = () => {};
    source.addEventListener('next', event => {
      const { claimEvents } = JSON.parse(event.data).data;
      references.push(claimEvents.claim.externalReference);
      cursor = event.lastEventId;
      told();
    });
    await new Promise((resolve, reject) => {
      source.onopen = resolve;
      source.onerror = () => reject(new Error('the stream was refused'));
    });
    const heard = count => new Promise(resolve => (told = () => references.length >= count && resolve(), told()));
    return { source, heard, from };
  };

  const first = await listen(null);
  await change('first');
  await first.heard(1);
  first.source.close();
  await change('while away');
  const second = await listen(cursor);
  await second.heard(2);
  await change('back again');
  await second.heard(3);
  second.source.close();
  const refused = await fetch(first.from, { headers: { accept: 'text/event-stream' } }).then(response => response.status === 401);
  return { references, refused };
}
