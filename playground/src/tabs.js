// The tabs that GraphiQL keeps in this browser (localStorage).
import { fingerprint } from './operations.js';

const OPERATIONS_KEY = 'cpor:operations';
const KEPT = ['tabState', 'query', 'variables', 'headers'];

/** At the next load all tabs are as they came. */
export function forgetTabs() {
  try {
    for (const key of KEPT) localStorage.removeItem(`graphiql:${key}`);
  } catch {
    // Storage is blocked: nothing was kept.
  }
}

/** Forgets tabs that were kept from other operations than ours: they would hide ours. */
export function dropStaleTabs() {
  try {
    if (localStorage.getItem(OPERATIONS_KEY) === fingerprint()) return;
    forgetTabs();
    localStorage.setItem(OPERATIONS_KEY, fingerprint());
  } catch {
    // Storage is blocked: nothing was kept.
  }
}
