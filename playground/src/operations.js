// The files of operations/ as tabs: NN_name.graphql, with an optional NN_name.variables.json beside it.
const documents = import.meta.glob('../operations/*.graphql', { query: '?raw', import: 'default', eager: true });
const variables = import.meta.glob('../operations/*.variables.json', { query: '?raw', import: 'default', eager: true });

/** What GraphiQL takes as `defaultTabs`, in the order of the file names. */
export const tabs = Object.keys(documents)
  .sort()
  .map(path => ({
    query: documents[path].trimEnd() + '\n',
    variables: variables[path.replace(/\.graphql$/, '.variables.json')]?.trimEnd(),
  }));

/** The handle in a leading comment line `# As: anna`, or null. */
export function personOf(query) {
  for (const line of (query ?? '').split('\n')) {
    if (line.trim() !== '' && !line.startsWith('#')) return null;
    const found = /^#\s*As:\s*([\w.@-]+)/i.exec(line);
    if (found) return found[1];
  }
  return null;
}

/** A short fingerprint of the shipped operations: tabs kept by the browser are dropped when it changes. */
export function fingerprint() {
  let hash = 0;
  for (const char of JSON.stringify(tabs)) hash = (Math.imul(hash, 31) + char.codePointAt(0)) | 0;
  return (hash >>> 0).toString(16);
}
