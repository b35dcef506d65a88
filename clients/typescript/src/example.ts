// A conversation of one question, with what to do when it fails: node dist/example.js [address [model [prompt]]]
import { InferenceClient, InferenceError, InvalidArgumentError, NotFoundError, retryStreamWhenTold, type ChatRequest } from './index.js';

const [address = '127.0.0.1:11434', model = 'toy', prompt = 'Why is the sky blue?'] = process.argv.slice(2);
const question: ChatRequest = { model, messages: [{ role: 'ROLE_USER', content: [{ text: prompt }] }] };

const client = new InferenceClient(address);
try {
  for await (const message of retryStreamWhenTold((o) => client.chat(question, o), { deadline: Date.now() + 60_000 })) {
    if (message.event === 'text') process.stdout.write(message.text ?? '');
  }
  process.stdout.write('\n');
} catch (error) {
  if (error instanceof NotFoundError) {
    console.error(`${error.resource?.name} is not there: ${error.details.helpLinks.map((l) => `${l.description} ${l.url}`).join(' ')}`);
  } else if (error instanceof InvalidArgumentError) {
    console.error(error.fieldViolations.map((v) => `${v.field} ${v.description}`).join('\n'));
  } else if (error instanceof InferenceError) {
    console.error(`${error.name} ${error.reason}: ${error.message} (request ${error.requestId})`);
  } else {
    throw error;
  }
  process.exitCode = 1;
} finally {
  client.close();
}
