import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { personOf } from './operations.js';
import { PersonMenu } from './person-menu.jsx';
import { Steps } from './steps.jsx';
import { Upload } from './upload.jsx';

/** How many of the things seen last are shown; all are remembered. */
const CHIPS_MAX = 6;

/** Chooses the person that the active tab is written for, once for each visit of the tab. */
function useTabsPerson(people, choosePerson) {
  const { tabs, activeTabIndex } = useGraphiQL(pick('tabs', 'activeTabIndex'));
  const tab = tabs[activeTabIndex];
  const wanted = people?.find(person => person.handle === personOf(tab?.query)) ?? null;
  const latest = useRef(wanted);
  latest.current = wanted;
  useEffect(() => {
    if (latest.current) choosePerson(latest.current);
  }, [tab?.id, choosePerson]);
  return wanted;
}

/** A schema that could not be loaded without a token is asked for again when there is one. */
function useSchemaOf(token) {
  const schema = useGraphiQL(state => state.schema);
  const { introspect } = useGraphiQLActions();
  const asked = useRef(token);
  useEffect(() => {
    if (asked.current === token) return undefined;
    asked.current = token;
    if (schema) return undefined;
    const timer = setTimeout(introspect, 400);
    return () => clearTimeout(timer);
  }, [token, schema, introspect]);
}

function TokenField({ value, onChange }) {
  return (
    <label className="cpor-token">
      <span>Bearer token</span>
      <input
        type="password"
        name="token"
        autoComplete="off"
        spellCheck={false}
        placeholder="paste a token to ask as somebody"
        value={value}
        onChange={event => onChange(event.target.value.trim())}
      />
      <small>{value ? 'Sent with each request; kept until this tab is closed.' : 'Without one you ask as nobody.'}</small>
    </label>
  );
}

function Remembered({ memory }) {
  const known = [...memory].reverse().slice(0, CHIPS_MAX);
  return (
    <div className="cpor-remembered">
      <span>
        The variable <code>"$LAST_CLAIM_ID"</code> stands for the id of the claim seen last in a result; likewise{' '}
        <code>"$LAST_UPLOAD_ID"</code>, <code>"$LAST_CLAIM_VERSION"</code>, …
      </span>
      <ul aria-label="Seen last">
        {known.map(([name, facts]) => (
          <li key={name} title={`$LAST_${name}_ID = ${facts.id}`}>
            {name.toLowerCase().replaceAll('_', ' ')} <b>{facts.number ?? `…${facts.id.slice(-6)}`}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Who asks, what was seen, and where a file goes. */
export function Bar({ people, token, person, typed, memory, upload, choosePerson, typeToken, uploaded }) {
  const wanted = useTabsPerson(people, choosePerson);
  useSchemaOf(token);
  const astray = wanted && person && wanted.handle !== person.handle;
  return (
    <header className="cpor-bar">
      <div className="cpor-row">
        {people ? (
          <PersonMenu people={people} person={person} onChoose={choosePerson} />
        ) : (
          <TokenField value={typed} onChange={typeToken} />
        )}
        <div className="cpor-hint" role="status">
          {astray && (
            <>
              This tab is written for {wanted.name}.
              <button type="button" className="cpor-button" onClick={() => choosePerson(wanted)}>
                Ask as {wanted.name}
              </button>
            </>
          )}
          {!astray && wanted && 'Chosen by this tab.'}
        </div>
        <Upload upload={upload} token={token} onDone={uploaded} />
        <Steps />
      </div>
      <Remembered memory={memory} />
    </header>
  );
}
