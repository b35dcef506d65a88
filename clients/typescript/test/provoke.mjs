// Makes the calls that come in, one JSON object a line, and prints how each ended: for a test that compares them over all languages.
import { createInterface } from 'node:readline';
import { InferenceClient, InferenceError, Service } from '../dist/index.js';

const clients = new Map();
const services = { InferenceService: 'inference', ModelService: 'models', ServerService: 'server' };

for await (const line of createInterface({ input: process.stdin })) {
  const { name, address, method, request, headers, timeout_ms } = JSON.parse(line);
  if (!clients.has(address)) clients.set(address, new InferenceClient(address));
  const [service, call] = method.split('/');
  console.log(JSON.stringify({ name, ...await end(clients.get(address)[services[service]], call, request, { headers, deadline: Date.now() + timeout_ms }) }));
}
for (const client of clients.values()) client.close();

async function end(service, call, request, options) {
  let messages = 0;
  try {
    const method = service.definition[call];
    if (!method) await unknown(service, call, options);
    else if (method.responseStream) for await (const _ of service.stream(call, camelled(request), options)) messages++;
    else messages += await service.unary(call, camelled(request), options) ? 1 : 0;
    return { messages, failure: null };
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    return { messages, failure: decoded(error) };
  }
}

// A method that the contract lacks.
function unknown(service, call, options) {
  const [any] = Object.values(service.definition);
  return new Service(service.client, { [call]: { ...any, path: any.path.replace(/[^/]*$/, call) } }).unary(call, {}, options);
}

function decoded(error) {
  const d = error.details;
  return {
    family: error.name.replace(/Error$/, ''),
    code: error.code,
    message: error.message,
    reason: error.reason,
    domain: d.domain,
    metadata: error.metadata,
    field_violations: d.fieldViolations.map((v) => [v.field, v.description, v.reason]),
    precondition_violations: d.preconditionViolations.map((v) => [v.type, v.subject, v.description]),
    quota_violations: d.quotaViolations.map((v) => [v.subject, v.description]),
    resource: d.resource ? [d.resource.type, d.resource.name, d.resource.description] : null,
    help_links: d.helpLinks.map((l) => [l.description, l.url]),
    retry_delay_ms: error.retryDelay ?? null,
    request_id: error.requestId ?? null,
  };
}

function camelled(value) {
  if (Array.isArray(value)) return value.map(camelled);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key.replace(/_(\w)/g, (_, c) => c.toUpperCase()), camelled(v)]));
}
