// The public audit of GraphQL over HTTP: every check, and each of them must pass.
import { serverAudits } from 'graphql-http';

const [url, token] = process.argv.slice(2);

const fetchFn = (input, init = {}) => fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });

const results = [];
for (const audit of serverAudits({ url, fetchFn })) results.push(await audit.fn());
const failed = results.filter(result => result.status !== 'ok');
for (const { id, name, status, reason } of failed) console.error(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - failed.length} of ${results.length} checks passed`);
process.exit(failed.length === 0 && results.length >= 61 ? 0 : 1);
