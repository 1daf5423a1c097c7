// The client `graphql-ws` against the server: all kinds of operations, errors, and coming back after the socket went.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, token] = process.argv.slice(2);
const sockets = [];

function open(connectionParams, options = {}) {
  return createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams,
    webSocketImpl: WebSocket,
    on: { connected: socket => sockets.push(socket) },
    retryWait: async () => {},
    ...options,
  });
}

async function all(client, query) {
  const results = [];
  for await (const result of client.iterate({ query })) results.push(result);
  return results;
}

const client = open({ authorization: `Bearer ${token}` });
assert.deepEqual(await all(client, '{ hello }'), [{ data: { hello: 'hello you' } }]);
assert.equal((await all(client, 'mutation { bump }'))[0].data.bump, 1);
assert.deepEqual(
  (await all(client, 'subscription { count(to: 3) }')).map(result => result.data.count),
  [1, 2, 3],
);
const partial = await all(client, '{ fails hello }');
assert.equal(partial[0].errors[0].extensions.code, 'INTERNAL_SERVER_ERROR');
await assert.rejects(all(client, '{ nosuch }'), errors => errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED');

// A socket that breaks is opened again, and what ran goes on.
let seen = 0;
for await (const result of client.iterate({ query: 'subscription { quiet }' })) {
  assert.equal(result.data.quiet, 1);
  seen += 1;
  if (seen === 1) sockets.at(-1).terminate();
  else break;
}
assert.equal(seen, 2);
await client.dispose();

const stranger = open({}, { retryAttempts: 0 });
await assert.rejects(all(stranger, '{ hello }'), event => event.code === 4403);
console.log('graphql-ws: all as expected');
process.exit(0);
