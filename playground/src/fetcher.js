import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { sample } from './sample.js';
import { remember, substitute } from './remembered.js';

const ENDPOINT = '/graphql';
/** Below the server's own time-out for a silent connection. */
const PING_EVERY_MS = 8_000;

function socketUrl() {
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${window.location.host}${ENDPOINT}`;
}

/** A body that is no JSON becomes an error that can be read, not a parser's complaint. */
async function fetchJson(url, init) {
  const response = await window.fetch(url, { ...init, credentials: 'omit' });
  const text = await response.text();
  try {
    const body = JSON.parse(text);
    return { json: async () => body };
  } catch {
    const message = `The server answered ${response.status} ${response.statusText}: ${text.slice(0, 500) || 'no content'}`;
    return { json: async () => ({ errors: [{ message }] }) };
  }
}

/** The two roads of one bearer: a running subscription stays its person's when another person is chosen. */
function connect(authorization) {
  return {
    http: createGraphiQLFetcher({
      url: ENDPOINT,
      fetch: fetchJson,
      enableIncrementalDelivery: false,
      headers: authorization ? { authorization } : {},
    }),
    socket: createClient({
      url: socketUrl(),
      connectionParams: authorization ? { authorization } : {},
      keepAlive: PING_EVERY_MS,
    }),
  };
}

/**
 * What the query really holds. GraphiQL learns the names of a document's operations some time after a tab was
 * opened; who runs a tab at once would otherwise ask for an operation of the tab before.
 */
function settle(request) {
  let operations;
  try {
    operations = parse(request.query).definitions.filter(each => each.kind === 'OperationDefinition');
  } catch {
    return { request, isSubscription: false };
  }
  const chosen = operations.find(each => each.name?.value === request.operationName) ?? operations[0];
  return {
    request: { ...request, operationName: chosen?.name?.value },
    isSubscription: chosen?.operation === 'subscription',
  };
}

async function placeholders(variables) {
  const text = JSON.stringify(variables ?? null);
  const values = {
    $NEW_UUID: () => crypto.randomUUID(),
    $TODAY: () => new Date().toISOString().slice(0, 10),
  };
  if (!text.includes('"$SAMPLE_')) return values;
  const { name, blob } = await sample();
  return {
    ...values,
    $SAMPLE_NAME: () => name,
    $SAMPLE_SIZE: () => blob.size,
    $SAMPLE_TYPE: () => blob.type,
  };
}

/** What went wrong on this side of the wire, in the form of a result: GraphiQL would show a stack trace. */
function failure(error) {
  if (Array.isArray(error)) return { errors: error };
  if (error instanceof CloseEvent) {
    return { errors: [{ message: `The server closed the connection: ${error.code} ${error.reason}`.trim() }] };
  }
  const message = error instanceof TypeError ? `The server cannot be reached (${error.message}).` : error.message;
  return { errors: [{ message: message ?? 'The connection failed.' }] };
}

/** `results` with each one passed through `map`, and an error as a last result. Stopping it stops `results` at once. */
function mapped(results, map) {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () =>
      results.next().then(
        step => (step.done ? step : { done: false, value: map(step.value) }),
        error => ({ done: false, value: failure(error) }),
      ),
    return: () => results.return(),
  };
}

/**
 * GraphiQL's fetcher. `session` is read at each request, so that the fetcher itself never changes (a new one
 * would make GraphiQL load the schema anew): `session.token`, `session.memory` and `session.learn(memory, data)`.
 */
export function createFetcher(session) {
  const connections = new Map();
  const learn = (result, isSurvey) => {
    if (result?.data) session.learn(remember(session.memory, result.data, isSurvey), result.data);
    return result;
  };
  async function ask(asked, options) {
    if (asked.operationName === 'IntrospectionQuery') return connection(options).http(asked);
    const { request, isSubscription } = settle(asked);
    const variables = substitute(request.variables, session.memory, await placeholders(request.variables));
    const ready = { ...request, variables };
    const { http, socket, headers } = connection(options);
    // A subscription may tell of any claim: it does not take the place of the one being worked on.
    if (isSubscription) return mapped(socket.iterate(ready), result => learn(result, true));
    return learn(await http(ready, { headers }), false);
  }
  /** What is typed under "Headers" wins over the chosen person. */
  function connection(options) {
    const { authorization: typed, Authorization = typed, ...headers } = options?.headers ?? {};
    const authorization = Authorization ?? (session.token ? `Bearer ${session.token}` : '');
    if (!connections.has(authorization)) connections.set(authorization, connect(authorization));
    return { ...connections.get(authorization), headers };
  }
  return (request, options) => ask(request, options).catch(failure);
}
