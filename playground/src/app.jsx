import { explorerPlugin } from '@graphiql/plugin-explorer';
import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { useCallback, useMemo, useRef, useState } from 'react';
import { Bar } from './bar.jsx';
import { createFetcher } from './fetcher.js';
import { tabs } from './operations.js';
import { keepPerson, keepToken, readChoice } from './people.js';
import { findUpload } from './sample.js';
import { remember } from './remembered.js';

const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN, explorerPlugin()];

/** The state that a request depends on, readable outside of rendering. */
function useSession(people) {
  const chosen = useMemo(readChoice, []);
  const [person, setPerson] = useState(() => people?.find(each => each.handle === chosen.handle) ?? people?.[0] ?? null);
  const [typed, setTyped] = useState(chosen.token);
  const [memory, setMemory] = useState(() => new Map());
  const [upload, setUpload] = useState(null);
  const live = useRef({});

  const learn = useCallback((next, data) => {
    live.current.memory = next;
    setMemory(next);
    const found = findUpload(data);
    if (found) setUpload(found);
  }, []);
  Object.assign(live.current, { token: people ? person?.token : typed, memory, learn });

  return {
    session: live.current,
    person,
    typed,
    memory,
    upload,
    choosePerson: useCallback(next => {
      keepPerson(next.handle);
      setPerson(next);
      live.current.token = next.token;
    }, []),
    typeToken: useCallback(next => {
      keepToken(next);
      setTyped(next);
    }, []),
    uploaded: useCallback(data => {
      setUpload(null);
      if (data) learn(remember(live.current.memory, data), data);
    }, [learn]),
  };
}

/** The page: the bar of people above GraphiQL. */
export function App({ people }) {
  const { session, ...state } = useSession(people);
  const fetcher = useMemo(() => createFetcher(session), [session]);
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultTabs={tabs}
      defaultQuery=""
      schemaDescription
    >
      <HistoryStore>
        <DocExplorerStore>
          <Bar people={people} token={session.token} {...state} />
          <div className="cpor-editor">
            <GraphiQLInterface defaultEditorToolsVisibility="variables" showPersistHeadersSettings={false}>
              <GraphiQL.Logo>
                <a className="cpor-logo" href="/playground/" aria-label="cpor playground">
                  <span aria-hidden="true">cpor</span>
                </a>
              </GraphiQL.Logo>
            </GraphiQLInterface>
          </div>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
