// What results have shown, so that a tab can use what an earlier tab made: the variable
// "$LAST_CLAIM_ID" stands for the id of the claim seen last.

const FIELDS = ['id', 'version', 'number'];
const PLACEHOLDER = /^\$LAST_([A-Z0-9_]+)_(ID|VERSION|NUMBER)$/;

const screaming = name => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

function singular(name) {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  return name.endsWith('s') && !name.endsWith('ss') && !name.endsWith('us') ? name.slice(0, -1) : name;
}

/**
 * Adds what `data` shows to `memory` and returns the new memory, a map from a type's name in capitals to
 * its facts. An object's name is its `__typename`, else the field that holds it; the members of connections
 * (`nodes`, `edges`, `node`) bear the connection's name. A list gives its first item. A list at the top, or
 * anything beneath `viewer`, is a survey: it fills gaps and never displaces the object being worked on. So is
 * all of `data` with `isSurvey`.
 */
export function remember(memory, data, isSurvey = false) {
  const next = new Map(memory);
  const note = (name, value, survey) => {
    if (name === '' || (survey && next.has(name))) return;
    const facts = FIELDS.filter(field => ['string', 'number'].includes(typeof value[field]));
    const earlier = next.get(name);
    const known = earlier?.id === value.id ? earlier : {};
    next.delete(name); // and in again at the end: the map is in the order in which things were seen
    next.set(name, { ...known, ...Object.fromEntries(facts.map(field => [field, value[field]])) });
  };
  const visit = (value, name, survey, owned) => {
    if (Array.isArray(value)) return visit(value[0], name, survey || !owned, owned);
    if (value === null || typeof value !== 'object') return undefined;
    const isEntity = typeof value.id === 'string';
    for (const [field, inner] of Object.entries(value)) {
      const passes = ['nodes', 'edges', 'node'].includes(field);
      visit(inner, passes && name ? name : field, survey || field === 'viewer', owned || isEntity);
    }
    // After its parts, so that an object's own facts win over a backward link among them.
    if (isEntity) {
      const names = new Set([screaming(singular(name)), screaming(value.__typename ?? '')]);
      for (const each of names) note(each, value, survey);
    }
    return undefined;
  };
  visit(data, '', isSurvey, false);
  return next;
}

/** What a placeholder stands for; throws with a sentence for the person at the keyboard when nothing does yet. */
function lookUp(text, memory, values) {
  if (text in values) return values[text]();
  const found = PLACEHOLDER.exec(text);
  if (!found) return text;
  const value = memory.get(found[1])?.[found[2].toLowerCase()];
  if (value === undefined) {
    const what = found[1].toLowerCase().replaceAll('_', ' ');
    throw new Error(`The variable "${text}" has no value yet: no result has shown a ${what} with its ${found[2].toLowerCase()}. Run an earlier tab first.`);
  }
  return value;
}

/** `variables` with each string that is a placeholder replaced; `values` gives those that are not remembered. */
export function substitute(variables, memory, values = {}) {
  if (typeof variables === 'string') return lookUp(variables, memory, values);
  if (Array.isArray(variables)) return variables.map(item => substitute(item, memory, values));
  if (variables === null || typeof variables !== 'object') return variables;
  return Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, substitute(value, memory, values)]));
}
