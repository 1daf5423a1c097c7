// urql: queries, mutations, an upload, and subscriptions over WebSocket through its subscription exchange.
import assert from 'node:assert/strict';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { authorization, checkPages, done, draft, followThroughACut, put, sockets, url, words } from './story.mjs';

const { client: socket, cut } = sockets();
const client = new Client({
  url,
  preferGetMethod: false,
  fetchOptions: { headers: { authorization } },
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: sink => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

async function ask(name, variables) {
  const text = words(name);
  const { data, error } = await (text.startsWith('mutation') ? client.mutation(text, variables) : client.query(text, variables));
  assert.equal(error, undefined);
  return data;
}

const pages = [];
let after = null;
do {
  const { claims } = await ask('page', { first: 2, after });
  pages.push(claims.edges.map(edge => edge.node.number));
  after = claims.pageInfo.hasNextPage ? claims.pageInfo.endCursor : null;
} while (after);
checkPages(pages);

const { claimCreate } = await ask('create', { input: draft('urql') });
assert.deepEqual(claimCreate.userErrors, []);
const claimId = claimCreate.claim.id;
const { poeUploadCreate } = await ask('upload', { input: { fileName: 'work.pdf' } });
await put(poeUploadCreate.upload.url);
const { poeAttach } = await ask('attach', { input: { claimId, uploadId: poeUploadCreate.upload.id, kind: 'CONTRACT' } });
assert.equal(poeAttach.document.mediaType, 'application/pdf');

const change = async externalReference => {
  const { claimUpdate } = await ask('change', { input: { claimId, externalReference } });
  assert.deepEqual(claimUpdate.userErrors, []);
};
const subscribe = (variables, next) => {
  const stream = client.subscription(words('watch'), variables).subscribe(result => result.data && next(result.data.claimEvents));
  return () => stream.unsubscribe();
};
await followThroughACut({ claimId, subscribe, change, cut });
done('urql');
