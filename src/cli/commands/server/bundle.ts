// `bulkhead bundle verify`: whether a bundle that lies in a file is what a server signed, and whole. Asks nobody.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BundleDocument, bundleSchema, type DeltaDocument } from '../../../api/bundle.ts';
import { canonicalText } from '../../../exporters/bundle/canonical.ts';
import { applyDelta } from '../../../exporters/bundle/delta.ts';
import { type Diagnostic, error } from '../../../text/diagnostic.ts';
import { digestOf } from '../../../trust/digest.ts';
import { readPublicKeys, verifyDetached } from '../../../trust/signature.ts';
import { describeFailure } from '../../../workspace/files.ts';
import { type Context, type ExitCode, emit, emitJson, fail } from '../../io/context.ts';
import type { GlobalValues } from '../../io/globals.ts';
import { invalidChoice, usage } from '../../io/refusal.ts';
import { BUNDLE_ACTIONS } from '../../surface/server-commands.ts';

export async function run(context: Context, words: readonly string[], values: GlobalValues): Promise<ExitCode> {
  const [action = '', path, ...rest] = words;
  if (!BUNDLE_ACTIONS.some((known) => known === action))
    return fail(context, [invalidChoice('`bundle`', action, BUNDLE_ACTIONS)]);
  if (path === undefined) return fail(context, [usage('usage/missing-argument', 'no bundle is named')]);
  if (rest[0] !== undefined)
    return fail(context, [usage('usage/excess-argument', `\`bundle verify\` does not take \`${rest[0]}\``)]);
  const verified = await verify(context, path, values);
  if ('code' in verified) return fail(context, [verified]);
  if (context.format === 'json') return emitJson(context, { format: 'bulkhead.verified/1', ...verified });
  return emit(context, [said(verified)]);
}

interface Verified {
  readonly kind: BundleDocument['kind'];
  readonly point: string;
  readonly revision: string;
  readonly seq: number;
  /** null: it is not signed, and that was allowed. */
  readonly kid: string | null;
  /** Of the content that a point has with it. */
  readonly digest: string;
  /** Whether the digest was computed from what lies here; of a delta without its base it cannot be. */
  readonly isDigestChecked: boolean;
}

async function verify({ cwd }: Context, path: string, values: GlobalValues): Promise<Verified | Diagnostic> {
  const bytes = read(cwd, path);
  if ('code' in bytes) return bytes;
  const kid = await signedBy(cwd, path, bytes, values);
  if (kid !== null && typeof kid !== 'string') return kid;
  const document = parse(path, bytes);
  if ('code' in document) return document;
  const about = { kind: document.kind, point: document.point, revision: document.revision, seq: document.seq, kid };
  if (document.kind === 'snapshot') {
    const { digest, content } = document;
    return digestOf(canonicalText(content)) === digest
      ? { ...about, digest, isDigestChecked: true }
      : badDigest(path, 'its content has another digest than it says');
  }
  const checked = typeof values.base === 'string' ? applied(cwd, path, document, values.base) : null;
  if (checked !== null) return checked;
  return { ...about, digest: document.digestAfter, isDigestChecked: typeof values.base === 'string' };
}

/** The name of the key; null where there is no signature, and none is asked for. */
async function signedBy(
  cwd: string,
  path: string,
  bytes: Uint8Array,
  { keys, signature, allowUnsigned }: GlobalValues,
): Promise<string | null | Diagnostic> {
  const given = typeof signature === 'string' ? signature : null;
  const proof = read(cwd, given ?? `${path}.jws`);
  // A signature that is named must be there; one that is beside the bundle is looked at whatever is allowed.
  if ('code' in proof && given !== null) return proof;
  if ('code' in proof && allowUnsigned === true) return null;
  if (typeof keys !== 'string')
    return usage(
      'usage/missing-argument',
      'no keys are named',
      '`--keys FILE`, as `/v1/keys` or `bulkhead keys public` gives them',
    );
  const text = read(cwd, keys);
  if ('code' in text) return text;
  const trusted = readPublicKeys(Buffer.from(text).toString('utf8'));
  if (trusted === null)
    return usage('usage/invalid-value', `\`${keys}\` is no set of keys (JWKS)`, '`bulkhead keys public` writes one');
  const verified = await verifyDetached(bytes, 'code' in proof ? null : Buffer.from(proof).toString('utf8'), trusted);
  return 'kid' in verified ? verified.kid : verified;
}

/** Why the delta does not lead from the content in that file to what it says; null: it does. */
function applied(cwd: string, path: string, document: DeltaDocument, base: string): Diagnostic | null {
  const bytes = read(cwd, base);
  if ('code' in bytes) return bytes;
  const from = parse(base, bytes);
  if ('code' in from) return from;
  if (from.kind !== 'snapshot')
    return usage('usage/invalid-value', `\`${base}\` is no snapshot`, 'a delta is held against one');
  if (digestOf(canonicalText(from.content)) !== document.base)
    return badDigest(path, `it was not made from \`${base}\``);
  const result = applyDelta(from.content, document.change);
  if (result.kind === 'refused') return badDigest(path, `it cannot be applied to \`${base}\`: ${result.problem}`);
  return digestOf(canonicalText(result.content)) === document.digestAfter
    ? null
    : badDigest(path, `applied to \`${base}\` it gives another content than it says`);
}

function read(cwd: string, path: string): Uint8Array | Diagnostic {
  try {
    return readFileSync(join(cwd, path));
  } catch (reason) {
    return error('workspace/unreadable', `\`${path}\` cannot be read: ${describeFailure(reason)}`, null);
  }
}

function parse(path: string, bytes: Uint8Array): BundleDocument | Diagnostic {
  try {
    const { success, data } = bundleSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (success) return data;
  } catch {
    // Not JSON: no bundle either.
  }
  return usage('usage/invalid-value', `\`${path}\` is no bundle`, 'a document of `bulkhead.bundle/1`');
}

function badDigest(path: string, problem: string): Diagnostic {
  return error('trust/bad-digest', `\`${path}\`: ${problem}`, null, { help: 'fetch a snapshot' });
}

function said({ kind, point, revision, seq, kid, digest, isDigestChecked }: Verified): string {
  return [
    `${kind} for ${point}, ${revision}, number ${seq}`,
    kid === null ? 'not signed' : `signed with ${kid}`,
    `${digest}${isDigestChecked ? '' : ' (not computed: name its base with --base)'}`,
    '',
  ].join('\n');
}
