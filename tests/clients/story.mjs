// What every program needs: where the server is, who asks, a document to upload, and the words of the operations that all of them use.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export const [url, token, location = '1000001'] = process.argv.slice(2);
export const socketUrl = url.replace(/^http/, 'ws');
export const authorization = `Bearer ${token}`;

/** The text of an operation in `documents/`. */
export const words = name => readFileSync(new URL(`documents/${name}.graphql`, import.meta.url), 'utf8');

/** A new claim of Northwind's; no two programs share one. */
export const draft = client => ({
  idempotencyKey: crypto.randomUUID(),
  location,
  name: `Teams rollout, by ${client}`,
  customerName: 'Litware',
  tenantId: crypto.randomUUID(),
  area: 'MICROSOFT_365',
  activities: ['USAGE'],
  products: [{ product: 'TEAMS' }],
});

/** Sends the bytes of a document to the address that the server gave. */
export async function put(address) {
  const sent = await fetch(new URL(address, url), {
    method: 'PUT',
    headers: { authorization },
    body: `%PDF-1.7\n% ${crypto.randomUUID()}\n%%EOF\n`,
  });
  assert.ok(sent.ok, `upload: ${sent.status}`);
}

/** A client of graphql-transport-ws, and a way to tear its wire apart. */
export function sockets() {
  const open = new Set();
  class Watched extends WebSocket {
    constructor(...args) {
      super(...args);
      open.add(this);
      this.on('close', () => open.delete(this));
    }
  }
  const client = createClient({
    url: socketUrl,
    webSocketImpl: Watched,
    connectionParams: { authorization },
    retryAttempts: 5,
    shouldRetry: () => true,
  });
  return { client, cut: () => open.forEach(socket => socket.terminate()) };
}

/** The paged list of all claims, checked: each once, in pages of two. */
export function checkPages(pages) {
  const numbers = pages.flat();
  assert.ok(pages.length >= 3, `${pages.length} pages`);
  assert.ok(pages.slice(0, -1).every(page => page.length === 2));
  assert.equal(new Set(numbers).size, numbers.length, 'each claim once');
}

export function done(client) {
  console.log(`${client}: query, pages, mutation, upload, live events and a torn wire, all as expected`);
  process.exit(0);
}

/**
 * The live part, the same for all: events of one claim, the wire is cut, the claim changes meanwhile, and the stream goes on from
 * the last cursor with what was missed.
 *
 * `subscribe(variables, next)` answers a function that ends the stream; `change(reference)` changes the claim.
 */
export async function followThroughACut({ claimId, after, subscribe, change, cut }) {
  const seen = [];
  let told = () => {};
  const wait = count =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${seen.length} of ${count} events: ${JSON.stringify(seen)}`)), 20_000);
      told = () => seen.length >= count && (clearTimeout(timer), resolve());
      told();
    });
  const next = event => {
    seen.push(event);
    told();
  };
  const filter = { claimIds: [claimId] };
  let stop = subscribe({ filter, after }, next);
  await change('first');
  await wait(1);
  stop();
  cut();
  await change('while away');
  stop = subscribe({ filter, after: seen[0].cursor }, next);
  await wait(2);
  await change('back again');
  await wait(3);
  stop();
  const versions = seen.map(event => event.claimVersion);
  assert.deepEqual(versions, [versions[0], versions[0] + 1, versions[0] + 2], 'nothing lost, nothing twice');
}
