// Requests that may come twice: under an idempotency key the first answer is kept with what it did, and given again to
// the same request. Another request under the same key is a mistake of the client.
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../http/problem.ts';
import type { Answered, IdempotencyKey } from '../state/change.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** Under which key the answer to a request is kept; null: it has none. Throws 400 for a key that cannot be one. */
export function idempotencyOf(request: FastifyRequest): IdempotencyKey | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw problem(400, 'invalid-idempotency-key', 'an idempotency key is 1 to 200 printable characters without blanks');
  }
  // Somebody may belong to several projects: what was answered in one is no answer in another.
  const { id, project } = request.principal;
  return { principal: project === null ? id : `${project}/${id}`, key, request: digestRequest(request) };
}

/** Sends a document as it was made, or as it was made the first time. */
export function sendAnswer(reply: FastifyReply, { text, isRepeated }: Answered): FastifyReply {
  if (isRepeated) reply.header('idempotency-replayed', 'true');
  return reply
    .type('application/json; charset=utf-8')
    .serializer((value) => value as string)
    .send(text);
}

function digestRequest({ method, url, body, headers }: FastifyRequest): string {
  const said = JSON.stringify([method, url, headers['if-match'] ?? null, body ?? null]);
  return createHash('sha256').update(said).digest('hex');
}
