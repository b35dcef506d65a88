// When it calls again, and when not. INFERENCE_FAILING_ADDRESS is a service that fails as its headers say.
import test from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { InferenceClient, ResourceExhaustedError, retryStreamWhenTold, retryWhenTold } from '../dist/index.js';

const address = process.env.INFERENCE_FAILING_ADDRESS;
const skip = address ? false : 'there is no failing service';
const client = new InferenceClient(address ?? '127.0.0.1:1');
test.after(() => client.close());

const call = (times, more = {}) => ({ headers: { 'x-request-id': randomUUID(), 'fail-times': `${times}`, ...more } });
const detokenize = (model) => (options) => client.inference.unary('Detokenize', { model }, options).then((answer) => answer.text);
const generate = (model) => (options) => client.generate({ model }, options);
const failure = (promise) => promise.then(() => assert.fail('did not fail'), (error) => error);

async function texts(stream, seen = []) {
  for await (const { text } of stream) seen.push(text);
  return seen;
}

for (const [reason, says] of [['SERVER_BUSY', { 'retry-ms': '20' }], ['INTERNAL', { 'retry-ms': '20', pushback: '' }], ['INTERNAL', { 'retry-ms': '', pushback: '20' }], ['MODEL_LOADING', { 'retry-ms': '0', pushback: '0' }]]) {
  test(`told to wait: ${reason} ${JSON.stringify(says)}`, { skip }, async () => {
    assert.equal(await retryWhenTold(detokenize(reason), call(2, says)), '3');
  });
}

for (const [reason, says] of [['MODEL_NOT_FOUND', {}], ['SERVER_BUSY', { 'retry-ms': '', pushback: '' }], ['SERVER_DRAINING', { 'retry-ms': '', pushback: '' }], ['SERVER_BUSY', { 'retry-ms': '20', pushback: '-1' }], ['SERVER_BUSY', { 'retry-ms': '20', pushback: 'soon' }]]) {
  test(`not told: ${reason} ${JSON.stringify(says)}`, { skip }, async () => {
    const once = call(1, says);
    await failure(retryWhenTold(detokenize(reason), once));
    assert.equal(await detokenize(reason)(once), '2');
  });
}

test('gives up after the attempts', { skip }, async () => {
  const error = await failure(retryWhenTold(detokenize('SERVER_BUSY'), { ...call(3, { 'retry-ms': '1' }), attempts: 3 }));
  assert.ok(error instanceof ResourceExhaustedError);
  assert.equal(error.retryDelay, 1);
});

test('waits as long as told', { skip }, async () => {
  const waits = [];
  assert.equal(await retryWhenTold(detokenize('SERVER_BUSY'), { ...call(2, { 'retry-ms': '1500' }), wait: async (ms) => { waits.push(ms); } }), '3');
  assert.deepEqual(waits, [1500, 1500]);
});

test('begins no wait that would outlast the deadline', { skip }, async () => {
  const wait = () => assert.fail('waited');
  const error = await failure(retryWhenTold(detokenize('SERVER_BUSY'), { ...call(1, { 'retry-ms': '60000' }), deadline: Date.now() + 30_000, wait }));
  assert.ok(error instanceof ResourceExhaustedError);
});

test('a cancelled wait ends', { skip, timeout: 10_000 }, async () => {
  const cancel = new AbortController();
  const options = { ...call(1, { 'retry-ms': '600000' }), signal: cancel.signal };
  const asked = failure(retryWhenTold((o) => detokenize('SERVER_BUSY')(o).finally(() => setImmediate(() => cancel.abort())), options));
  assert.equal((await asked).name, 'AbortError');
});

test('a stream that has not begun is called again', { skip }, async () => {
  assert.deepEqual(await texts(retryStreamWhenTold(generate('SERVER_BUSY'), call(2, { 'retry-ms': '10' }))), ['3']);
});

test('a stream that has begun is not', { skip }, async () => {
  const seen = [];
  const error = await failure(texts(retryStreamWhenTold(generate('SERVER_BUSY'), call(1, { 'retry-ms': '10', 'messages-first': '2' })), seen));
  assert.ok(error instanceof ResourceExhaustedError);
  assert.deepEqual(seen, ['1', '1']);
});
