import test from 'node:test';
import assert from 'node:assert/strict';
import { details, embeddingModel, greedy, inference, model, models, read, unary, user } from './client.mjs';

const info = (error) => details(error)['google.rpc.ErrorInfo'];
const fails = (promise) => promise.then(() => assert.fail('did not fail'), (error) => error);

test('a model that is not there: ErrorInfo, ResourceInfo, Help', async () => {
  const { error, messages } = await read('Generate', { model: 'absent', prompt: 'a' });
  assert.equal(messages.length, 0);
  assert.deepEqual([error.code, error.details], [5, "model 'absent' not found"]);
  const known = details(error);
  assert.deepEqual([info(error).reason, info(error).domain, info(error).metadata], ['MODEL_NOT_FOUND', 'inference', { model: 'absent' }]);
  assert.equal(known['google.rpc.ResourceInfo'].resource_name, 'absent');
  assert.ok(known['google.rpc.Help'].links.length > 0);
});

test('names that are none, in any script', async () => {
  const { error } = await read('Generate', { model: 'größe', prompt: 'a' });
  assert.deepEqual([error.code, info(error).reason, info(error).metadata.model], [3, 'MODEL_NAME_INVALID', 'größe']);
});

test('wrong fields: all of them at once', async () => {
  const { error } = await read('Chat', { model, messages: [], options: { ...greedy, top_p: 7 } });
  assert.equal(error.code, 3);
  const fields = details(error)['google.rpc.BadRequest'].field_violations.map((v) => v.field);
  assert.deepEqual(new Set(fields), new Set(['messages', 'options.top_p']));
});

test('a capability that is missing', async () => {
  const { error } = await read('Chat', { model: embeddingModel, messages: [user('Hello!')] });
  assert.deepEqual([error.code, info(error).reason, info(error).metadata.model], [9, 'CAPABILITY_MISSING', embeddingModel]);
  assert.equal(details(error)['google.rpc.PreconditionFailure'].violations.length, 1);
});

test('a prompt that does not fit, with its counts', async () => {
  const { error } = await read('Generate', { model, prompt: 'word '.repeat(4000) });
  assert.deepEqual([error.code, info(error).reason], [3, 'CONTEXT_LENGTH_EXCEEDED']);
  assert.ok(Number(info(error).metadata.prompt_tokens) > Number(info(error).metadata.context_length));
});

test('a grammar that does not parse', async () => {
  const { error } = await read('Generate', { model, prompt: 'a', format: { gbnf: 'root ::= (' } });
  assert.deepEqual([error.code, info(error).reason], [3, 'GRAMMAR_INVALID']);
});

test('raw with a template', async () => {
  const { error } = await read('Generate', { model, prompt: 'a', raw: true, template: '{{ .Prompt }}' });
  assert.deepEqual([error.code, info(error).reason], [3, 'RAW_MODE_CONFLICT']);
});

test('failures come as trailers only', async () => {
  const { metadata, error } = await read('Generate', { model: 'absent', prompt: 'a' });
  assert.equal(error.code, 5);
  // grpc-js reports initial metadata only for calls that have any before their trailers.
  assert.ok(metadata === undefined || metadata.get('grpc-status').length === 0);
});

test('unary calls fail alike', async () => {
  const error = await fails(unary(models, 'GetModel', { model: 'absent' }));
  assert.deepEqual([error.code, info(error).reason], [5, 'MODEL_NOT_FOUND']);
  const token = await fails(unary(inference, 'Detokenize', { model, tokens: [1_000_000] }));
  assert.deepEqual([token.code, info(token).reason], [3, 'TOKEN_OUT_OF_RANGE']);
});

test('a method that does not exist', async () => {
  const error = await new Promise((resolve) =>
    inference.makeUnaryRequest('/inference.v1.InferenceService/Nope', () => Buffer.alloc(0), (x) => x, {}, (e) => resolve(e)));
  assert.equal(error.code, 12);
  assert.ok(info(error).reason.length > 0);
});

test('bytes that are no message', async () => {
  const error = await new Promise((resolve) =>
    inference.makeUnaryRequest('/inference.v1.InferenceService/Tokenize', () => Buffer.from([0x0a, 0xff]), (x) => x, {}, (e) => resolve(e)));
  assert.notEqual(error.code, 0);
  assert.ok(info(error).reason.length > 0);
});
