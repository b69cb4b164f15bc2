// Every error becomes a problem document: what a handler threw, what a schema refused, what the store could not do.
// Whatever is not known is our own bug: it is logged whole and told in one sentence.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { StoreFailure } from '../store/store.ts';
import type { App, ServerContext } from './context/context.ts';
import { Problem, problem, problemDocument } from './http/problem.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function installErrors(app: App, { metrics }: ServerContext): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof StoreFailure) metrics.storeUp.set(0);
    const found = problemOf(error);
    if (found.statusCode >= 500) request.log.error({ err: error, code: found.code }, found.message);
    else request.log.info({ code: found.code }, found.message);
    return sendProblem(request, reply, found);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      request,
      reply,
      problem(404, 'no-such-route', `there is no \`${request.method} ${request.url.split('?')[0]?.slice(0, 200)}\``, {
        help: '`/openapi.json` has every route',
      }),
    ),
  );
}

/** Sends a problem in place of an answer. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, found: Problem): FastifyReply {
  const { statusCode, code, message, options } = found;
  for (const [name, value] of Object.entries(options.headers ?? {})) reply.header(name, value);
  const document = problemDocument(statusCode, code, message, request.id, options);
  // As text: no schema of the route is asked about it.
  return reply
    .code(statusCode)
    .type(PROBLEM_TYPE)
    .serializer((text) => text as string)
    .send(`${JSON.stringify(document)}\n`);
}

function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreFailure) {
    return problem(503, `store-${error.reason}`, error.message, {
      help: error.remedy,
      headers: { 'retry-after': '5' },
    });
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const from = error.validationContext ?? 'request';
    const issues = error.validation.flatMap(({ instancePath, message = 'not valid', params }) => {
      const nested = closestBranch(params.errors);
      if (nested === null) return [`\`${from}${instancePath === '/' ? '' : instancePath}\`: ${message}`];
      return nested.map(({ path, message: inner }) => `\`${[from, ...path].join('/')}\`: ${inner}`);
    });
    return problem(400, 'invalid-request', issues.slice(0, 20).join('; ').slice(0, 2000));
  }
  if (isResponseSerializationError(error)) return problem(500, 'internal', 'the answer is not what it should be');
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500)
    return problem(status, CODES[error.code] ?? 'bad-request', lowerFirst(error.message));
  if (status === 503)
    return problem(503, 'overloaded', 'the server is overloaded', { headers: { 'retry-after': '5' } });
  return problem(500, 'internal', 'this is a bug of the server; its log has the request');
}

interface NestedIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Of the forms that a body may have, what is wrong with the one that it nearly has: whose problems lie deepest. */
function closestBranch(errors: unknown): readonly NestedIssue[] | null {
  if (!Array.isArray(errors)) return null;
  const depth = (branch: readonly NestedIssue[]): number => Math.max(0, ...branch.map(({ path }) => path.length));
  const branches = errors as readonly (readonly NestedIssue[])[];
  return [...branches].sort((a, b) => depth(b) - depth(a))[0] ?? null;
}

/** Fastify's own refusals, by the codes of this API. */
const CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'empty-body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-content-length',
};

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
