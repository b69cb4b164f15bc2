// What a decision server is measured beside, in a process of its own: a fastify route that answers a constant of the same
// size, and one that asks Cedar about a policy that says the same. Its argument is a file that says what; it prints where
// it listens.
import { readFileSync } from 'node:fs';
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import fastify from 'fastify';

const { constants, policy, entities } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const app = fastify({ logger: false });

const [one, many] = constants;
app.post('/constant', (request) => (Array.isArray(request.body) ? many : one));

const parsed = preparsePolicySet('policy', { staticPolicies: policy });
if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed).slice(0, 1000));

/** Only the two entities that a question is about go to Cedar, which is the most favourable to it. */
export function askCedar({ source, destination, protocol, destinationPort, sourcePort }) {
  const answer = statefulIsAuthorized({
    principal: { type: 'Workload', id: source },
    action: { type: 'Action', id: 'connect' },
    resource: { type: 'Workload', id: destination },
    context: { protocol, port: destinationPort, source: sourcePort },
    preparsedPolicySetId: 'policy',
    entities: [entities[source], entities[destination]],
  });
  if (answer.type !== 'success') throw new Error(JSON.stringify(answer).slice(0, 1000));
  const { decision, diagnostics } = answer.response;
  return { verdict: decision, decidedBy: diagnostics.reason };
}
app.post('/cedar', ({ body }) => (Array.isArray(body) ? body.map(askCedar) : askCedar(body)));

/** The same without HTTP: questions for a time, then how many. */
app.post('/direct', ({ body: { questions, milliseconds } }) => {
  const started = performance.now();
  let asked = 0;
  while (performance.now() - started < milliseconds) askCedar(questions[asked++ % questions.length]);
  return { perSecond: (asked * 1000) / (performance.now() - started) };
});

console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
