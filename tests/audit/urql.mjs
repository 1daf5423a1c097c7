// urql: queries by POST and GET, mutations, errors, and subscriptions over server-sent events.
import assert from 'node:assert/strict';
import { Client, fetchExchange } from '@urql/core';

const [url, token] = process.argv.slice(2);

const open = options =>
  new Client({
    url,
    exchanges: [fetchExchange],
    fetchSubscriptions: true,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    ...options,
  });

for (const preferGetMethod of [false, 'force']) {
  const client = open({ preferGetMethod });
  const page = await client.query('query Page($n: Int) { items(first: $n) { nodes { id } } }', { n: 2 }).toPromise();
  assert.equal(page.data.items.nodes.length, 2);
  const bumped = await client.mutation('mutation { bump }', {}).toPromise();
  assert.equal(typeof bumped.data.bump, 'number');
  const failed = await client.query('{ nosuch }', {}).toPromise();
  assert.equal(failed.error.graphQLErrors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  const partial = await client.query('{ coded hello }', {}).toPromise();
  assert.equal(partial.data.hello, 'hello you');
  assert.equal(partial.error.graphQLErrors[0].extensions.code, 'BAD_CURSOR');
}

const counts = [];
await new Promise((resolve, reject) => {
  open({})
    .subscription('subscription { count(to: 3) }', {})
    .subscribe(result => {
      if (result.error) reject(result.error);
      counts.push(result.data.count);
      if (counts.length === 3) resolve();
    });
});
assert.deepEqual(counts, [1, 2, 3]);
console.log('urql: all as expected');
process.exit(0);
