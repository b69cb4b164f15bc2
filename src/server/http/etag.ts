// Conditional requests: whether what a client has is what it would get (RFC 9110 §13.1.2).

/** Whether `If-None-Match` names the tag. A weak tag of the client stands for the strong one of the same text. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  const opaque = (tag: string): string => tag.replace(/^W\//, '');
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((tag) => opaque(tag) === opaque(etag));
}
