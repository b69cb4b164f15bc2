// What points are given: the content as it stands, as a numbered document with its signature; whole, or as a delta from
// what the point has.
import { resolve } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { BUNDLE_FORMAT, type DeltaDocument, type SnapshotDocument } from '../../api/bundle.ts';
import type { BundleContent } from '../../exporters/bundle/content.ts';
import { delta } from '../../exporters/bundle/delta.ts';
import { type Issue, openIssued } from '../../trust/issued.ts';
import type { ServerContext } from '../context/context.ts';
import { problem } from '../http/problem.ts';
import { createContents, type PointContent } from './contents.ts';
import { createSigner, type Signer } from './signer.ts';

/** What goes over the wire: exactly these bytes are signed. */
export interface BundleBytes {
  readonly kind: 'snapshot' | 'delta';
  readonly bytes: Buffer;
  readonly etag: string;
  readonly issue: Issue;
  readonly signature: string | null;
}

export interface BundleBook {
  /** What the point should have now; null: there is no such point. */
  readonly current: (point: string) => PointContent | null;
  /** The whole of it, under a number above `above` where it has none yet. */
  readonly snapshot: (point: string, content: PointContent, above: number) => Promise<BundleBytes>;
  /** What leads there from an earlier content; null: that is not known any more, or the whole is smaller. */
  readonly delta: (
    point: string,
    base: string,
    content: PointContent,
    above: number,
    options: { readonly evenIfLarger: boolean },
  ) => Promise<BundleBytes | null>;
  /** What the point was told last, by number; null: nothing yet. */
  readonly lastIssue: (point: string) => Issue | null;
  readonly keys: Signer['keys'];
  readonly close: () => void;
}

/** The provider: points enforce what everybody's rules say together. */
const EVERYTHING = { project: null };

export function createBundleBook(context: ServerContext, log: FastifyBaseLogger): BundleBook {
  const { config, state } = context;
  const contents = createContents(config);
  const signer = createSigner(config, log);
  const issued = openIssued(resolve(config.folder, config.data, 'bundles'));

  function issue(point: string, { digest, revision, seq }: PointContent, above: number): Issue {
    try {
      // Numbers follow the revisions as far as they can.
      return issued.issue(point, digest, revision, Math.max(above, seq - 1));
    } catch (reason) {
      log.error({ err: reason, point }, 'the number of a bundle cannot be kept');
      throw problem(503, 'bundle-unavailable', 'bundles cannot be numbered now', {
        help: 'keep what you have, and ask again',
        headers: { 'retry-after': '10' },
      });
    }
  }

  async function write(document: SnapshotDocument | DeltaDocument, etag: string, own: Issue): Promise<BundleBytes> {
    const bytes = Buffer.from(JSON.stringify(document));
    return { kind: document.kind, bytes, etag, issue: own, signature: await signer.sign(bytes) };
  }

  const headOf = (point: string, { revision, seq }: Issue) =>
    ({ format: BUNDLE_FORMAT, point, revision, seq }) as const;

  return {
    current: (point) => contents.of(state.current(EVERYTHING), point),
    snapshot(point, content, above) {
      const own = issue(point, content, above);
      const { digest, text } = content;
      const document: SnapshotDocument = {
        ...headOf(point, own),
        ...{ kind: 'snapshot', digest, content: JSON.parse(text) as BundleContent },
      };
      return write(document, etagOf(content), own);
    },
    async delta(point, base, content, above, { evenIfLarger }) {
      const before = contents.earlier(point, base);
      if (before === null) return null;
      const change = delta(before, JSON.parse(content.text) as BundleContent);
      const own = issue(point, content, above);
      const { digest: digestAfter } = content;
      const document: DeltaDocument = { ...headOf(point, own), kind: 'delta', base, digestAfter, change };
      const made = await write(document, etagOf(content), own);
      return made.bytes.length < content.text.length || evenIfLarger ? made : null;
    },
    lastIssue: issued.last,
    keys: signer.keys,
    close: issued.close,
  };
}

export function etagOf({ digest }: PointContent): string {
  return `"${digest}"`;
}
