// Generates types from schema.graphql with graphql-codegen, holds the program against them strictly, and runs it.
import { bundleAndRun, here, tool } from './build.mjs';

tool(process.execPath, [here('node_modules/@graphql-codegen/cli/cjs/bin.js'), '--config', 'codegen.yml', '--silent'], 'codegen');
tool(process.execPath, [here('node_modules/typescript/bin/tsc'), '--project', 'tsconfig.json'], 'codegen');
await bundleAndRun('codegen', { entryPoints: [here('codegen/program.ts')] });
