import { createGraphiQLFetcher, isAsyncIterable } from '@graphiql/toolkit';
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

/** One connection per bearer: a running subscription stays its person's when another person is chosen. */
function connect(authorization) {
  return createGraphiQLFetcher({
    url: ENDPOINT,
    fetch: fetchJson,
    enableIncrementalDelivery: false,
    headers: authorization ? { authorization } : {},
    wsClient: createClient({
      url: socketUrl(),
      connectionParams: authorization ? { authorization } : {},
      keepAlive: PING_EVERY_MS,
    }),
  });
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

/**
 * GraphiQL's fetcher. `session` is read at each request, so that the fetcher itself never changes (a new one
 * would make GraphiQL load the schema anew): `session.token`, `session.memory` and `session.learn(memory, data)`.
 */
export function createFetcher(session) {
  const connections = new Map();
  const learn = result => {
    if (result?.data) session.learn(remember(session.memory, result.data), result.data);
    return result;
  };
  async function* learning(results) {
    for await (const result of results) yield learn(result);
  }
  return async (request, options) => {
    const { authorization: typed, Authorization = typed, ...headers } = options?.headers ?? {};
    const authorization = Authorization ?? (session.token ? `Bearer ${session.token}` : '');
    if (!connections.has(authorization)) connections.set(authorization, connect(authorization));
    const variables = substitute(request.variables, session.memory, await placeholders(request.variables));
    const answer = await connections.get(authorization)({ ...request, variables }, { ...options, headers });
    if (request.operationName === 'IntrospectionQuery') return answer;
    return isAsyncIterable(answer) ? learning(answer) : learn(answer);
  };
}
