import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.jsx';
import { fingerprint } from './operations.js';
import { loadPeople } from './people.js';

const OPERATIONS_KEY = 'cpor:operations';

/** Tabs that the browser kept from other operations than ours would hide ours. */
function dropStaleTabs() {
  try {
    if (localStorage.getItem(OPERATIONS_KEY) === fingerprint()) return;
    for (const key of ['tabState', 'query', 'variables', 'headers']) localStorage.removeItem(`graphiql:${key}`);
    localStorage.setItem(OPERATIONS_KEY, fingerprint());
  } catch {
    // Storage is blocked: nothing was kept.
  }
}

dropStaleTabs();
// People first: the schema is then loaded as somebody.
loadPeople().then(people => createRoot(document.getElementById('root')).render(<App people={people} />));
