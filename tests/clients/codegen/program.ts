// A typed client: its types come from schema.graphql and from the operations below, and the compiler holds both against each other.
import { graphql } from './generated/index.js';
import type { ClaimCreateInput, PageQuery, TypedDocumentString, WatchSubscription, WatchSubscriptionVariables } from './generated/graphql.js';
import { authorization, checkPages, done, draft, followThroughACut, put, sockets, url } from '../story.mjs';

const { client: socket, cut } = sockets();

async function ask<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables): Promise<Result> {
  const body = JSON.stringify({ query: document.toString(), variables });
  const response = await fetch(url, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body });
  const answer = (await response.json()) as { data: Result; errors?: { message: string }[] };
  if (answer.errors) throw new Error(answer.errors.map(error => error.message).join('; '));
  return answer.data;
}

const Page = graphql(`
  query Page($first: Int!, $after: Cursor) {
    claims(first: $first, after: $after) {
      nodes { number status updatedAt }
      pageInfo { hasNextPage endCursor }
    }
  }
`);
const Create = graphql(`
  mutation Create($input: ClaimCreateInput!) {
    claimCreate(input: $input) {
      claim { id }
      userErrors { code message ... on UserError { path } }
    }
  }
`);
const Upload = graphql(`
  mutation Upload($input: PoeUploadCreateInput!) { poeUploadCreate(input: $input) { upload { id url } } }
`);
const Attach = graphql(`
  mutation Attach($input: PoeAttachInput!) {
    poeAttach(input: $input) { document { mediaType sizeBytes } userErrors { code } }
  }
`);
const Change = graphql(`
  mutation Change($input: ClaimUpdateInput!) { claimUpdate(input: $input) { claim { version } userErrors { code } } }
`);
const Watch = graphql(`
  subscription Watch($filter: ClaimEventFilter, $after: Cursor) {
    claimEvents(filter: $filter, after: $after) { cursor kind claimVersion }
  }
`);

/** The list is nullable, as every root field is: the compiler makes us say what then. */
function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('null');
  return value;
}

const pages: string[][] = [];
let after: string | null = null;
do {
  const page: PageQuery = await ask(Page, { first: 2, after });
  const claims = present(page.claims);
  pages.push(claims.nodes.map(node => node.number));
  after = claims.pageInfo.hasNextPage ? present(claims.pageInfo.endCursor) : null;
} while (after);
checkPages(pages);

const input: ClaimCreateInput = { ...draft('a typed client'), area: 'MICROSOFT_365', activities: ['USAGE'] };
const claimId = present(present((await ask(Create, { input })).claimCreate).claim).id;
const upload = present(present((await ask(Upload, { input: { fileName: 'work.pdf' } })).poeUploadCreate).upload);
await put(upload.url);
const attached = present((await ask(Attach, { input: { claimId, uploadId: upload.id, kind: 'TEMPLATE' } })).poeAttach);
if (present(attached.document).mediaType !== 'application/pdf') throw new Error('not a PDF');

const change = async (externalReference: string) => {
  const { userErrors } = present((await ask(Change, { input: { claimId, externalReference } })).claimUpdate);
  if (userErrors.length > 0) throw new Error(userErrors.map(error => error.code).join());
};
type Event = NonNullable<WatchSubscription['claimEvents']>;
const subscribe = (variables: WatchSubscriptionVariables, next: (event: Event) => void) =>
  socket.subscribe<WatchSubscription>(
    { query: Watch.toString(), variables: { ...variables } },
    { next: ({ data }) => data?.claimEvents && next(data.claimEvents), error: console.error, complete: () => {} },
  );
await followThroughACut({ claimId, subscribe, change, cut });
done('a client with generated types');
