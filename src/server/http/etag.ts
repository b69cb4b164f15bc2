// Strong entity tags (RFC 9110, section 8.8): the same bytes have the same tag, also after a restart.
import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { problem } from './problem.ts';

/** A tag from the parts that what is tagged is made of. */
export function etagOf(...parts: readonly (string | number | null)[]): string {
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32)}"`;
}

/** The tags of a header; `*` alone means any. Weak ones never match: only strong comparison is used. */
export function parseTags(header: string | undefined): readonly string[] | '*' {
  if (header === undefined) return [];
  if (header.trim() === '*') return '*';
  return [...header.matchAll(/(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g)].flatMap(([, weak, tag]) =>
    weak === undefined && tag !== undefined ? [tag] : [],
  );
}

/** Whether `If-None-Match` says that the client has this already. Weak comparison, as for a GET. */
export function isKnown(header: string | undefined, tag: string): boolean {
  const tags = parseTags(header?.replaceAll('W/"', '"'));
  return tags === '*' || tags.includes(tag);
}

/** Throws 428 without `If-Match`, 412 where it names something else than what is there. */
export function requireMatch(header: string | undefined, tag: string): void {
  if (header === undefined) {
    throw problem(428, 'if-match-required', 'say which state this change is made for', {
      help: 'send the `ETag` of what was read as `If-Match`, or `*` to replace whatever is there',
      headers: { etag: tag },
    });
  }
  const tags = parseTags(header);
  if (tags === '*' || tags.includes(tag)) return;
  throw problem(412, 'changed-meanwhile', 'it was changed since it was read', {
    help: 'read it again, and make the change for what is there now',
    headers: { etag: tag },
  });
}

/** Answers 304: what the client has is what it would be sent. */
export function notModified(reply: object): never {
  // A reply knows the statuses of its route's schema alone, and this one has no body to describe.
  return (reply as FastifyReply).code(304).send() as never;
}
