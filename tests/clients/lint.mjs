// graphql-eslint over the contract (its schema and Relay rules) and over the playground's operations.
import { fileURLToPath } from 'node:url';
import graphql from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const operations = 'playground/operations/*.graphql';
// Its mutation is in the schema of a demo alone, which is not the contract.
const ignores = ['playground/operations/20_advance_the_clock.graphql'];
const rules = name => graphql.configs[`flat/${name}`].rules;

const common = {
  plugins: { '@graphql-eslint': graphql },
  languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: `${cwd}/schema.graphql`, documents: `${cwd}/${operations}` } } },
};
const contract = {
  ...common,
  files: ['schema.graphql'],
  rules: {
    ...rules('schema-recommended'),
    ...rules('schema-relay'),
    // Payloads, facts and values have no identity; what has one is a Node.
    '@graphql-eslint/strict-id-in-types': 'off',
    // Short lists that are always read whole are lists; what can grow is a connection.
    '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
    // A feed is read forwards only.
    '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
  },
};
const documents = {
  ...common,
  files: [operations],
  ignores,
  rules: {
    ...rules('operations-recommended'),
    // They show one thing each to a person; no cache reads along.
    '@graphql-eslint/require-selections': 'off',
  },
};

const eslint = new ESLint({ cwd, overrideConfigFile: true, overrideConfig: [contract, documents] });
const results = await eslint.lintFiles(['schema.graphql', operations]);
const formatter = await eslint.loadFormatter('stylish');
const faults = results.reduce((sum, result) => sum + result.errorCount + result.warningCount, 0);
if (faults > 0 || results.length < 20) {
  console.error(`${results.length} files looked at`, await formatter.format(results));
  process.exit(1);
}
console.log(`graphql-eslint: ${results.length} files, nothing to say`);
