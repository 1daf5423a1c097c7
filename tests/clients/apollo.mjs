// Apollo Client 4: a normalized cache that merges pages, mutations, an upload, and subscriptions over WebSocket.
import assert from 'node:assert/strict';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { relayStylePagination } from '@apollo/client/utilities';
import { authorization, checkPages, done, draft, followThroughACut, put, sockets, url, words } from './story.mjs';

const { client: socket, cut } = sockets();
const link = ApolloLink.split(
  ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
  new GraphQLWsLink(socket),
  new HttpLink({ uri: url, headers: { authorization } }),
);
const cache = new InMemoryCache({ typePolicies: { Query: { fields: { claims: relayStylePagination() } } } });
const client = new ApolloClient({ link, cache });
const document = name => gql(words(name));

const { data } = await client.query({ query: gql`{ viewer { name } }` });
assert.equal(data.viewer.name, 'Anna Kowalska');

const list = client.watchQuery({ query: document('page'), variables: { first: 2 } });
let result = await list.refetch();
const pages = [result.data.claims.edges.map(edge => edge.node.number)];
while (result.data.claims.pageInfo.hasNextPage) {
  result = await list.fetchMore({ variables: { after: result.data.claims.pageInfo.endCursor } });
  pages.push(result.data.claims.edges.map(edge => edge.node.number));
}
checkPages(pages);
const merged = list.getCurrentResult().data.claims.edges.map(edge => edge.node.number);
assert.deepEqual(merged, pages.flat(), 'the cache has merged the pages');

const created = await client.mutate({ mutation: document('create'), variables: { input: draft('Apollo') } });
assert.deepEqual(created.data.claimCreate.userErrors, []);
const claimId = created.data.claimCreate.claim.id;

const upload = await client.mutate({ mutation: document('upload'), variables: { input: { fileName: 'work.pdf' } } });
await put(upload.data.poeUploadCreate.upload.url);
const input = { claimId, uploadId: upload.data.poeUploadCreate.upload.id, kind: 'STATEMENT_OF_WORK' };
const attached = await client.mutate({ mutation: document('attach'), variables: { input } });
assert.equal(attached.data.poeAttach.document.mediaType, 'application/pdf');

const change = async externalReference => {
  const changed = await client.mutate({ mutation: document('change'), variables: { input: { claimId, externalReference } } });
  assert.deepEqual(changed.data.claimUpdate.userErrors, []);
};
const subscribe = (variables, next) => {
  const query = document('watch');
  const stream = client.subscribe({ query, variables }).subscribe({ next: result => next(result.data.claimEvents), error: console.error });
  return () => stream.unsubscribe();
};
await followThroughACut({ claimId, subscribe, change, cut });
// Events carry the claim: the cache follows without asking.
const kept = cache.readFragment({ id: cache.identify({ __typename: 'Claim', id: claimId }), fragment: gql`fragment Kept on Claim { externalReference }` });
assert.equal(kept.externalReference, 'back again');
done('Apollo Client');
