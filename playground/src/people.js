// Who asks. In demo mode the server lists its people with a token each; elsewhere a token is typed. What was
// chosen lives as long as the browser tab (sessionStorage), never longer.

const PERSON_KEY = 'cpor:person';
const TOKEN_KEY = 'cpor:token';
const GOLDEN_ANGLE_DEG = 137.5;

/** The demo's people, or null where the server lists none. */
export async function loadPeople() {
  try {
    const response = await fetch(`${import.meta.env.BASE_URL}people.json`, { cache: 'no-store', credentials: 'omit' });
    const people = response.ok ? await response.json() : null;
    return Array.isArray(people) && people.length > 0 ? people : null;
  } catch {
    return null;
  }
}

function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    if (value) sessionStorage.setItem(key, value);
    else sessionStorage.removeItem(key);
  } catch {
    // Storage is blocked: the choice lasts until the page is left.
  }
}

/** The choice kept by this browser tab. */
export const readChoice = () => ({ handle: read(PERSON_KEY), token: read(TOKEN_KEY) ?? '' });

export const keepPerson = handle => write(PERSON_KEY, handle);
export const keepToken = token => write(TOKEN_KEY, token);

/** Two letters for the badge. */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ''].map(word => word.slice(0, 1)).join('').toUpperCase();
}

/** A hue for each organization (degrees), so that the sides of the table are told apart at a glance. */
export function hue(people, person) {
  const organizations = [...new Set(people.map(each => each.organization))];
  return 172 + organizations.indexOf(person.organization) * GOLDEN_ANGLE_DEG;
}

/** People by organization, in the server's order. */
export function byOrganization(people) {
  const groups = new Map();
  for (const person of people) {
    const name = person.organization ?? '';
    groups.set(name, [...(groups.get(name) ?? []), person]);
  }
  return [...groups];
}
