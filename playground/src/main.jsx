import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './style.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.jsx';
import { loadPeople } from './people.js';
import { dropStaleTabs } from './tabs.js';

dropStaleTabs();
// People first: the schema is then loaded as somebody.
loadPeople().then(people => createRoot(document.getElementById('root')).render(<App people={people} />));
