// Compiles the Relay program against schema.graphql and bundles it, as a frontend's build does, and runs it.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { transformSync } from '@babel/core';
import { bundleAndRun, here, tool } from './build.mjs';

mkdirSync(here('relay/__generated__'), { recursive: true });
tool(createRequire(import.meta.url)('relay-compiler'), ['relay.config.json'], 'relay');
const filename = here('relay/program.js');
const plugin = ['babel-plugin-relay', { eagerEsModules: true, artifactDirectory: here('relay/__generated__') }];
const { code } = transformSync(readFileSync(filename, 'utf8'), { filename, cwd: here('.'), configFile: false, plugins: [plugin] });
await bundleAndRun('relay', { stdin: { contents: code, resolveDir: here('relay') } });
