// What changed in the contract since a revision, classed by graphql-inspector: `node changes.mjs REVISION`.
// Ends with 1 if anything is breaking.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
const revision = process.argv[2];
if (!revision) {
  console.error('usage: node changes.mjs REVISION (a tag, a branch or a commit of this repository)');
  process.exit(2);
}
const before = execFileSync('git', ['show', `${revision}:schema.graphql`], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
const after = readFileSync(`${cwd}/schema.graphql`, 'utf8');
const changes = await diff(buildSchema(before), buildSchema(after));
const classes = [
  [CriticalityLevel.Breaking, 'breaking'],
  [CriticalityLevel.Dangerous, 'dangerous'],
  [CriticalityLevel.NonBreaking, 'safe'],
];
for (const [level, name] of classes) {
  const found = changes.filter(change => change.criticality.level === level && !change.type.endsWith('DESCRIPTION_CHANGED'));
  console.log(`${name}: ${found.length}`);
  found.forEach(change => console.log(`  ${change.message}`));
}
process.exit(changes.some(change => change.criticality.level === CriticalityLevel.Breaking) ? 1 : 0);
