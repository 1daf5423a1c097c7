// The client `graphql-sse` against the server, in distinct connections mode.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';

const [url, token] = process.argv.slice(2);
const client = createClient({ url, headers: { authorization: `Bearer ${token}` }, retryAttempts: 0 });

async function all(query) {
  const results = [];
  for await (const result of client.iterate({ query })) results.push(result);
  return results;
}

assert.deepEqual(await all('{ hello }'), [{ data: { hello: 'hello you' } }]);
assert.deepEqual(
  (await all('subscription { count(to: 3) }')).map(result => result.data.count),
  [1, 2, 3],
);
assert.equal((await all('{ nosuch }'))[0].errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
assert.equal((await all('subscription { tooSlow }')).at(-1).errors[0].extensions.code, 'SLOW_CONSUMER');

for await (const result of client.iterate({ query: 'subscription { quiet }' })) {
  assert.equal(result.data.quiet, 1);
  break;
}
const stranger = createClient({ url, retryAttempts: 0 });
await assert.rejects(async () => {
  for await (const _ of stranger.iterate({ query: '{ hello }' }));
}, /401/);
console.log('graphql-sse: all as expected');
