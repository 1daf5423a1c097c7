// Relay's compiler and runtime: a connection that grows page by page in the store, a node that is fetched again by its id, a
// mutation that the store follows, an upload, and events over WebSocket.
import assert from 'node:assert/strict';
import {
  Environment, Network, Observable, RecordSource, Store,
  commitMutation, createOperationDescriptor, fetchQuery, getFragment, getRequest, getSingularSelector, graphql, requestSubscription,
} from 'relay-runtime';
import { authorization, checkPages, done, draft, followThroughACut, put, sockets, url } from '../story.mjs';

const { client: socket, cut } = sockets();

async function ask(operation, variables) {
  const body = JSON.stringify({ query: operation.text, variables });
  const answer = await fetch(url, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body });
  return answer.json();
}

const listen = (operation, variables) =>
  Observable.create(sink => socket.subscribe({ query: operation.text, variables }, sink));

const environment = new Environment({ network: Network.create(ask, listen), store: new Store(new RecordSource()) });

const list = graphql`
  query programListQuery {
    ...program_claims
  }
`;
const claims = graphql`
  fragment program_claims on Query
  @refetchable(queryName: "programPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "Cursor" }) {
    claims(first: $first, after: $after) @connection(key: "program_claims") {
      edges {
        node {
          id
          number
          ...program_claim
        }
      }
    }
  }
`;
const claim = graphql`
  fragment program_claim on Claim @refetchable(queryName: "programClaimQuery") {
    id
    version
    externalReference
  }
`;

/** What the store knows of the list now. */
function known(operation) {
  const root = environment.lookup(operation.fragment).data;
  return environment.lookup(getSingularSelector(getFragment(claims), root)).data.claims;
}

const operation = createOperationDescriptor(getRequest(list), {});
environment.retain(operation);
await fetchQuery(environment, list, {}).toPromise();
const page = getRequest(getFragment(claims).metadata.refetch.operation);
const pages = [known(operation).edges.map(edge => edge.node.number)];
while (known(operation).pageInfo.hasNextPage) {
  const before = known(operation).edges.length;
  await fetchQuery(environment, page, { first: 2, after: known(operation).pageInfo.endCursor }).toPromise();
  pages.push(known(operation).edges.slice(before).map(edge => edge.node.number));
}
checkPages(pages);

const run = (mutation, variables) =>
  new Promise((resolve, reject) => {
    commitMutation(environment, {
      mutation,
      variables,
      onCompleted: (data, errors) => (errors ? reject(new Error(JSON.stringify(errors))) : resolve(data)),
      onError: reject,
    });
  });

const { claimCreate } = await run(
  graphql`
    mutation programCreateMutation($input: ClaimCreateInput!) {
      claimCreate(input: $input) {
        claim {
          id
          ...program_claim
        }
        userErrors {
          code
        }
      }
    }
  `,
  { input: draft('Relay') },
);
assert.deepEqual(claimCreate.userErrors, []);
const claimId = claimCreate.claim.id;

const { poeUploadCreate } = await run(
  graphql`
    mutation programUploadMutation($input: PoeUploadCreateInput!) {
      poeUploadCreate(input: $input) {
        upload {
          id
          url
        }
      }
    }
  `,
  { input: { fileName: 'work.pdf' } },
);
await put(poeUploadCreate.upload.url);
const { poeAttach } = await run(
  graphql`
    mutation programAttachMutation($input: PoeAttachInput!) {
      poeAttach(input: $input) {
        document {
          mediaType
        }
        userErrors {
          code
        }
      }
    }
  `,
  { input: { claimId, uploadId: poeUploadCreate.upload.id, kind: 'PROJECT_REPORT' } },
);
assert.equal(poeAttach.document.mediaType, 'application/pdf');

const change = async externalReference => {
  const { claimUpdate } = await run(
    graphql`
      mutation programChangeMutation($input: ClaimUpdateInput!) {
        claimUpdate(input: $input) {
          claim {
            ...program_claim
          }
          userErrors {
            code
          }
        }
      }
    `,
    { input: { claimId, externalReference } },
  );
  assert.deepEqual(claimUpdate.userErrors, []);
};
const subscribe = (variables, next) => {
  const subscription = graphql`
    subscription programWatchSubscription($filter: ClaimEventFilter, $after: Cursor) {
      claimEvents(filter: $filter, after: $after) {
        cursor
        claimVersion
        claim {
          ...program_claim
        }
      }
    }
  `;
  const stream = requestSubscription(environment, { subscription, variables, onNext: data => next(data.claimEvents), onError: console.error });
  return () => stream.dispose();
};
await followThroughACut({ claimId, subscribe, change, cut });

const again = getFragment(claim).metadata.refetch.operation;
const refetched = await fetchQuery(environment, getRequest(again), { id: claimId }).toPromise();
assert.ok(refetched.node, 'refetched by its id');
assert.equal(environment.getStore().getSource().get(claimId).externalReference, 'back again');
done('Relay');
