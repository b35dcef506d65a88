import test from 'node:test';
import assert from 'node:assert/strict';
import { embeddingModel, host, model, ollama } from './client.mjs';

test('list', async () => {
  const { models } = await ollama().list();
  const toy = models.find((m) => m.name === `${model}:latest`);
  assert.ok(models.some((m) => m.name === `${embeddingModel}:latest`));
  assert.match(toy.digest, /^[0-9a-f]{64}$/);
  assert.ok(toy.size > 1_000_000);
  assert.deepEqual([toy.details.format, toy.details.family, toy.details.quantization_level], ['gguf', 'llama', 'Q8_0']);
  assert.ok(!Number.isNaN(Date.parse(toy.modified_at)));
});

test('show', async () => {
  const shown = await ollama().show({ model });
  assert.equal(shown.model_info['general.architecture'], 'llama');
  assert.ok(shown.capabilities.includes('completion'));
  assert.match(shown.modelfile, /^# Modelfile/);
  assert.match(shown.template, /\{\{/);
  assert.match(shown.parameters, /stop/);
  assert.ok((await ollama().show({ model: embeddingModel })).capabilities.includes('embedding'));
});

test('ps shows what was called, until it is let go', async () => {
  await ollama().generate({ model, prompt: 'Hello!', keep_alive: '10m' });
  const running = (await ollama().ps()).models.find((m) => m.name === `${model}:latest`);
  assert.ok(Date.parse(running.expires_at) > Date.now());
  assert.ok(running.size > 0);
  const gone = await ollama().generate({ model, prompt: '', keep_alive: 0 });
  assert.equal(gone.done_reason, 'unload');
});

test('version', async () => {
  assert.match((await ollama().version()).version, /^\d+\.\d+\.\d+/);
  assert.equal(await (await fetch(host)).text(), 'Ollama is running');
});
