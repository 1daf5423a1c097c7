import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remember, substitute } from '../../playground/src/remembered.js';

const EMPTY = new Map();
const seen = (...results) => results.reduce((memory, data) => remember(memory, data), EMPTY);

test('the claim of a payload is remembered with its version and number', () => {
  const memory = seen({ claimCreate: { claim: { id: 'c1', version: 3, number: 'CPOR-1' }, userErrors: [] } });
  const variables = { input: { id: '$LAST_CLAIM_ID', expectedVersion: '$LAST_CLAIM_VERSION', note: '$LAST word' } };
  assert.deepEqual(substitute(variables, memory), { input: { id: 'c1', expectedVersion: 3, note: '$LAST word' } });
});

test('connections bear the name of the field that holds them', () => {
  const memory = seen({ claim: { id: 'c1', products: { nodes: [{ id: 'p1' }, { id: 'p2' }] }, poeDocuments: { edges: [{ node: { id: 'd1' } }] } } });
  assert.equal(substitute('$LAST_PRODUCT_ID', memory), 'p1');
  assert.equal(substitute('$LAST_POE_DOCUMENT_ID', memory), 'd1');
});

test('a typename names an object wherever it stands', () => {
  const memory = seen({ node: { __typename: 'PoeDocument', id: 'd7' } });
  assert.equal(substitute('$LAST_POE_DOCUMENT_ID', memory), 'd7');
});

test('a survey fills gaps and displaces nothing', () => {
  const list = { claims: { nodes: [{ id: 'c8' }] } };
  assert.equal(substitute('$LAST_CLAIM_ID', seen(list)), 'c8');
  assert.equal(substitute('$LAST_CLAIM_ID', seen({ claim: { id: 'c1' } }, list)), 'c1');
  assert.equal(substitute('$LAST_CLAIM_ID', seen({ claim: { id: 'c1' } }, { viewer: { id: 'v', claim: { id: 'c9' } } })), 'c1');
  assert.equal(substitute('$LAST_CLAIM_ID', remember(seen({ claim: { id: 'c1' } }), { event: { claim: { id: 'c9' } } }, true)), 'c1');
});

test('facts stay known while the same object is shown with fewer of them', () => {
  const memory = seen({ claim: { id: 'c1', version: 2 } }, { claim: { id: 'c1' } });
  assert.equal(substitute('$LAST_CLAIM_VERSION', memory), 2);
  assert.throws(() => substitute('$LAST_CLAIM_VERSION', remember(memory, { claim: { id: 'c2' } })), /Run an earlier tab/);
});

test('what was never seen is a sentence, not a request', () => {
  assert.throws(() => substitute({ id: '$LAST_POE_DOCUMENT_ID' }, EMPTY), /no result has shown a poe document with its id/);
});
