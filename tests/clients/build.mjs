// What the two programs that have a build share: a tool of node_modules run in a folder, and the bundle.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

export const here = name => fileURLToPath(new URL(name, import.meta.url));

/** Runs a program; it is silent unless it fails. */
export function tool(program, args, folder) {
  try {
    execFileSync(program, args, { cwd: here(folder), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (failure) {
    throw new Error(`${program} ${args.join(' ')}\n${failure.stdout}\n${failure.stderr}`);
  }
}

/** Bundles a program into `<folder>/built/program.mjs` and runs it. */
export async function bundleAndRun(folder, entry) {
  const outfile = here(`${folder}/built/program.mjs`);
  buildSync({ ...entry, bundle: true, packages: 'external', platform: 'node', format: 'esm', logLevel: 'warning', outfile });
  await import(outfile);
}
