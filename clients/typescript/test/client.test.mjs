// Against the real server: INFERENCE_ADDRESS, with a model that talks and one that embeds.
import test from 'node:test';
import assert from 'node:assert/strict';
import { CancelledError, DeadlineExceededError, InferenceClient, InferenceError, NotFoundError, UnavailableError } from '../dist/index.js';

const model = process.env.INFERENCE_MODEL ?? 'toy';
const embeddingModel = process.env.INFERENCE_EMBEDDING_MODEL ?? 'toy-embed';
const client = new InferenceClient(process.env.INFERENCE_ADDRESS ?? '127.0.0.1:11434');
test.after(() => client.close());

// It may not say that it is done.
async function endless() {
  const { tokens } = await client.inference.unary('Tokenize', { model, text: '<|im_end|><|endoftext|>', parseSpecial: true });
  return {
    model, prompt: 'Tell me a story about a dragon.', shift: true,
    options: { temperature: 1, numPredict: -1, stop: { sequences: [] }, logitBias: Object.fromEntries(tokens.map((t) => [t, -100])) },
  };
}

async function idle() {
  while ((await client.server.unary('GetServerInfo', {})).load.activeRequests > 0);
}

test('chat streams an answer', async () => {
  const messages = await all(client.chat(question()));
  assert.deepEqual([messages[0].event, messages.at(-1).event], ['start', 'finish']);
  assert.match(messages.map((m) => m.text ?? '').join(''), /scatter/i);
});

test('embed gives a vector for each input', async () => {
  const messages = await all(client.embed({ model: embeddingModel, inputs: ['one', 'two'] }));
  assert.deepEqual(messages.filter((m) => m.embedding).map((m) => m.embedding.index), [0, 1]);
});

test('leaving a stream in its middle ends it on the server', { timeout: 60_000 }, async () => {
  for await (const message of client.generate(await endless())) if (message.event === 'text') break;
  await idle();
});

test('cancelling is its own family', { timeout: 60_000 }, async () => {
  const cancel = new AbortController();
  const error = await failure((async () => {
    for await (const _ of client.generate(await endless(), { signal: cancel.signal })) cancel.abort();
  })());
  assert.ok(error instanceof CancelledError);
  await idle();
  assert.ok(await failure(client.models.unary('GetModel', { model }, { signal: AbortSignal.abort() })) instanceof CancelledError);
});

test('a deadline is its own family', { timeout: 60_000 }, async () => {
  assert.ok(await failure(all(client.generate(await endless(), { deadline: Date.now() + 500 }))) instanceof DeadlineExceededError);
});

test('an absent model says all that there is to say', async () => {
  const error = await failure(client.models.unary('GetModel', { model: 'absent' }, { headers: { 'x-request-id': 'from-typescript' } }));
  assert.ok(error instanceof NotFoundError && error instanceof InferenceError);
  assert.deepEqual([error.name, error.reason, error.metadata.model, error.resource.name, error.requestId], ['NotFoundError', 'MODEL_NOT_FOUND', 'absent', 'absent', 'from-typescript']);
  assert.ok(error.details.helpLinks[0].url.startsWith('https://'));
});

test('no server is unavailable, and not to be retried', async () => {
  const nobody = new InferenceClient('127.0.0.1:1');
  const error = await failure(all(nobody.chat(question())));
  nobody.close();
  assert.ok(error instanceof UnavailableError);
  assert.deepEqual([error.reason, error.retryDelay], ['', undefined]);
});

const question = () => ({ model, messages: [{ role: 'ROLE_USER', content: [{ text: 'Why is the sky blue?' }] }], options: { temperature: 0 }, thinking: { enabled: false } });
const failure = (promise) => promise.then(() => assert.fail('did not fail'), (error) => error);

async function all(stream) {
  const messages = [];
  for await (const message of stream) messages.push(message);
  return messages;
}
