// The content of each point's bundle as things stand, made when it is asked for and kept as long as the layers are the same:
// time alone changes no content. And earlier contents, for deltas, as many as fit.
import { remember } from '../../base/remember.ts';
import { type Bundles, prepareBundles } from '../../exporters/bundle/build.ts';
import { canonicalText } from '../../exporters/bundle/canonical.ts';
import type { BundleContent } from '../../exporters/bundle/content.ts';
import type { Layer } from '../../model/layer.ts';
import { digestOf } from '../../trust/digest.ts';
import type { ServerConfig } from '../config/config.ts';
import type { Served } from '../state/served.ts';
import { scopeOfPoint } from './known-points.ts';

export interface PointContent {
  /** Canonical. */
  readonly text: string;
  readonly digest: string;
  /** A revision that has it, as the provider and as the store count: the first of which it was made. */
  readonly revision: string;
  readonly seq: number;
}

export interface Contents {
  /** null: there is no such point. The one before where the text is the same. */
  readonly of: (served: Served, point: string) => PointContent | null;
  /** A content that the point had; null: it is not known any more. */
  readonly earlier: (point: string, digest: string) => BundleContent | null;
}

interface Prepared {
  readonly bundles: Bundles;
  readonly contents: Map<string, PointContent | null>;
}

export function createContents(config: ServerConfig): Contents {
  const prepared = new WeakMap<readonly Layer[], Prepared>();
  const last = new Map<string, PointContent>();
  /** By point and digest; the one that was used longest ago first. */
  const history = new Map<string, string>();
  let bytes = 0;

  /** Texts are kept and not what they say: an object costs several times as much. */
  function keep(point: string, { digest, text }: Pick<PointContent, 'digest' | 'text'>): void {
    const key = `${point}\n${digest}`;
    const known = history.get(key);
    if (known !== undefined) {
      history.delete(key);
      bytes -= known.length;
    }
    history.set(key, text);
    bytes += text.length;
    for (const [oldest, old] of history) {
      if (bytes <= config.bundles.historyBytes) break;
      history.delete(oldest);
      bytes -= old.length;
    }
  }

  return {
    of({ snapshot, revision, seq }, point) {
      const { bundles, contents } = remember(prepared, snapshot.layers, () => ({
        bundles: prepareBundles(snapshot),
        contents: new Map(),
      }));
      return remember(contents, point, () => {
        const scope = scopeOfPoint(config, snapshot, point);
        if (scope === null) return null;
        const text = canonicalText(bundles.contentFor(scope));
        const before = last.get(point);
        if (before?.text === text) return before;
        const made = { text, digest: digestOf(text), revision, seq };
        last.set(point, made);
        keep(point, made);
        return made;
      });
    },
    earlier(point, digest) {
      const text = history.get(`${point}\n${digest}`);
      return text === undefined ? null : (JSON.parse(text) as BundleContent);
    },
  };
}
