// A believable proof of execution to send where an upload asks for a file.
const NAME = 'sample-statement-of-work.pdf';

let loaded;

/** The sample's name and bytes; fetched once. */
export function sample() {
  loaded ??= fetch(import.meta.env.BASE_URL + NAME).then(async response => {
    if (!response.ok) throw new Error(`the sample document is missing (${response.status})`);
    return { name: NAME, blob: new Blob([await response.arrayBuffer()], { type: 'application/pdf' }) };
  });
  return loaded;
}

/** The first object beneath an `upload…` field that says where bytes go: `{ url, method?, headers? }`, or null. */
export function findUpload(data, field = '') {
  if (data === null || typeof data !== 'object') return null;
  const url = data.url ?? data.uploadUrl;
  if (/upload/i.test(`${field} ${data.__typename ?? ''}`) && typeof url === 'string') return { ...data, url };
  for (const [key, value] of Object.entries(data)) {
    const found = findUpload(value, Array.isArray(data) ? field : key);
    if (found) return found;
  }
  return null;
}

function headersOf(upload, authorization) {
  const { headers } = upload;
  const pairs = Array.isArray(headers)
    ? headers.map(({ name, key = name, value }) => [key, value])
    : Object.entries(headers ?? {});
  const result = new Headers(pairs);
  if (authorization && !result.has('authorization')) result.set('authorization', authorization);
  return result;
}

/** Sends the file's bytes where the upload wants them; answers the server's JSON, or null when it sent none. */
export async function send(upload, file, token) {
  const target = new URL(upload.url, window.location.href);
  if (target.origin !== window.location.origin) {
    throw new Error(`this page only talks to its own server, and the upload goes to ${target.host}`);
  }
  const headers = headersOf(upload, token && `Bearer ${token}`);
  if (file.type && !headers.has('content-type')) headers.set('content-type', file.type);
  const response = await fetch(target, { method: upload.method ?? 'PUT', headers, body: file, credentials: 'omit' });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${response.statusText} ${text.slice(0, 200)}`.trim());
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
