// Decisions: one question, an array of them, or a stream of lines that is answered line by line.
import { Readable } from 'node:stream';
import * as z from 'zod';
import { type DecisionDocument, decisionSchema, questionSchema } from '../../api/decision.ts';
import { whenSchema } from '../../api/when.ts';
import { answerDecision } from '../ask/decide.ts';
import { servedWhen } from '../ask/when.ts';
import type { App, ServerContext } from '../context/context.ts';
import { Problem, problem } from '../http/problem.ts';
import { splitLines } from '../http/split-lines.ts';
import type { Served } from '../state/served.ts';

const NDJSON = 'application/x-ndjson';
/** Longer than any question can be. */
const LONGEST_LINE = 16 * 1024;
/** Lines that are answered before others get their turn. */
const LINES_A_TURN = 100;

export function decisionRoutes(app: App, context: ServerContext): void {
  const { config, metrics } = context;
  const decide = (served: Served, asked: z.infer<typeof questionSchema>): DecisionDocument => {
    const answer = answerDecision(served, asked);
    metrics.decisions.inc({ verdict: answer.verdict });
    return answer;
  };
  app.addContentTypeParser(NDJSON, (_request, payload, done) => done(null, payload));
  app.post(
    '/v1/decisions',
    {
      config: { access: 'reader' },
      schema: {
        tags: ['decisions'],
        summary: 'Decide one flow, or an array of flows',
        querystring: whenSchema,
        body: z.union([questionSchema, z.array(questionSchema).min(1).max(config.limits.decisions)]),
        response: { 200: z.union([decisionSchema, z.array(decisionSchema)]) },
      },
    },
    async (request) => {
      const served = await servedWhen(context, request.principal, request.query);
      const { body } = request;
      return Array.isArray(body) ? body.map((asked) => decide(served, asked)) : decide(served, body);
    },
  );
  app.post(
    '/v1/decisions/stream',
    {
      config: { access: 'reader' },
      schema: {
        tags: ['decisions'],
        summary: 'Decide a stream of flows: a question a line, an answer a line, in the same order',
        consumes: [NDJSON],
        produces: [NDJSON],
        querystring: whenSchema,
      },
    },
    async (request, reply) => {
      if (!(request.body instanceof Readable))
        throw problem(415, 'unsupported-media-type', `this takes ${NDJSON} alone`);
      const served = await servedWhen(context, request.principal, request.query);
      const lines = Readable.from(answerLines(served, request.body, decide));
      return reply
        .type(NDJSON)
        .serializer((value) => value as string)
        .send(lines);
    },
  );
}

type Decide = (served: Served, asked: z.infer<typeof questionSchema>) => DecisionDocument;

/** One line for each line that is not blank. All of them are answered from one revision. */
async function* answerLines(served: Served, body: AsyncIterable<Uint8Array>, decide: Decide): AsyncGenerator<string> {
  let number = 0;
  for await (const line of splitLines(body, LONGEST_LINE)) {
    number++;
    if (line.trim() === '') continue;
    yield `${JSON.stringify(answerLine(served, line, number, decide))}\n`;
    if (number % LINES_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function answerLine(served: Served, line: string, number: number, decide: Decide): object {
  try {
    return decide(served, readQuestion(line));
  } catch (reason) {
    if (!(reason instanceof Problem)) throw reason;
    const { statusCode, code, message } = reason;
    return { format: 'bulkhead.line-problem/1', line: number, status: statusCode, code, detail: message };
  }
}

function readQuestion(line: string): z.infer<typeof questionSchema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw problem(400, 'invalid-json', 'the line is not JSON');
  }
  const { success, data, error } = questionSchema.safeParse(value);
  if (success) return data;
  const issues = error.issues.slice(0, 5).map(({ path, message }) => `\`${path.join('/')}\`: ${message}`);
  throw problem(400, 'invalid-request', issues.join('; '));
}
