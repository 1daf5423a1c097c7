// Apollo Client over HTTP: queries with persisted hashes, mutations, errors, and subscriptions in multipart, each event
// at once.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, ServerError, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

const [url, token] = process.argv.slice(2);

const sent = [];
const watched = (input, init) => {
  sent.push(JSON.parse(init.body));
  return fetch(input, init);
};

function open(headers, links = []) {
  const link = ApolloLink.from([...links, new HttpLink({ uri: url, headers, fetch: watched })]);
  return new ApolloClient({ link, cache: new InMemoryCache() });
}

const client = open({ authorization: `Bearer ${token}` });

const page = await client.query({ query: gql`query Page($n: Int) { items(first: $n) { edges { cursor node { id name } } totalCount } }`, variables: { n: 3 } });
assert.equal(page.data.items.edges.length, 3);
const bumped = await client.mutate({ mutation: gql`mutation { bump(by: 5) }` });
assert.equal(bumped.data.bump, 5);
const error = await client.query({ query: gql`{ nosuch }` }).catch(error => error);
assert.ok(CombinedGraphQLErrors.is(error) || ServerError.is(error), `${error}`);

// The first event of a stream that then is silent must arrive: the client waits for the boundary behind it.
const first = await new Promise((resolve, reject) => {
  const subscription = client.subscribe({ query: gql`subscription { quiet }` }).subscribe({
    next: result => {
      subscription.unsubscribe();
      resolve(result);
    },
    error: reject,
  });
});
assert.equal(first.data.quiet, 1);
const counts = [];
await new Promise((resolve, reject) => {
  client.subscribe({ query: gql`subscription { count(to: 3) }` }).subscribe({
    next: result => counts.push(result.data.count),
    error: reject,
    complete: resolve,
  });
});
assert.deepEqual(counts, [1, 2, 3]);

const sha256 = text => createHash('sha256').update(text).digest('hex');
const hashing = () => open({ authorization: `Bearer ${token}` }, [new PersistedQueryLink({ sha256 })]);
const query = gql`query Hashed { hello(name: "hash") }`;
assert.equal((await hashing().query({ query })).data.hello, 'hello hash');
const before = sent.length;
assert.equal((await hashing().query({ query })).data.hello, 'hello hash');
assert.equal(sent.length, before + 1);
assert.equal(sent.at(-1).query, undefined);

const stranger = await open({}).query({ query: gql`{ hello }` }).catch(error => error);
assert.ok(ServerError.is(stranger) ? stranger.statusCode === 401 : stranger.errors[0].extensions.code === 'UNAUTHENTICATED', `${stranger}`);
console.log('Apollo Client: all as expected');
process.exit(0);
