// A store's life as a function of a number: the commit that makes revision n, and the digest of the state after it. A
// process that writes and a test that judges what is left agree on it without a word.

import { stateDigest } from '../../src/store/digest.ts';
import type { Commit, Item, PolicyFile, State } from '../../src/store/store.ts';
import { item, NOON, publishOf, upsertOf } from '../kit/stores.ts';

/** Every third publishes; the others change a few items, remove one, and never nothing. */
export function commitNumber(n: number): Commit {
  const at = NOON + n * 1000;
  const project = n % 2 === 0 ? 'shop' : null;
  if (n % 3 === 1) {
    const files = Object.fromEntries(
      Array.from({ length: 1 + (n % 4) }, (_, i) => [`p${i}.seg`, `policy ${n} ${i} ${'x'.repeat((n * 97) % 3000)}`]),
    );
    return publishOf(files, { project, at, message: `revision ${n}` });
  }
  const items = Array.from({ length: 1 + (n % 7) }, (_, i) =>
    item(`vm-${(n * 5 + i) % 60}`, { n, i, pad: 'y'.repeat((n * 31) % 500) }),
  );
  return upsertOf(items, { at, remove: [{ kind: 'workloads', id: `vm-${(n * 11 + 30) % 60}` }] });
}

/** Goes through the revisions from the first; each step gives the digest of the next. */
export function makeModel(): { readonly digest: (n: number) => string } {
  const digests: string[] = [];
  let files: readonly PolicyFile[] = [];
  const items = new Map<string, Item>();
  const step = (n: number): string => {
    const commit = commitNumber(n);
    const { files: replaced } = commit;
    if (replaced !== null) {
      const { project } = replaced;
      files = [...files.filter((f) => f.project !== project), ...replaced.files.map((f) => ({ project, ...f }))];
    }
    for (const { kind, id } of commit.remove) items.delete(`${kind}/${id}`);
    for (const each of commit.upsert) items.set(`${each.kind}/${each.id}`, each);
    return stateDigest({ files, items: [...items.values()] });
  };
  return {
    digest(n) {
      while (digests.length < n) digests.push(step(digests.length + 1));
      return digests[n - 1] ?? '';
    },
  };
}

/** `r12 sha256:…` of a state, to compare with the model; `none` for nothing. */
export function sayState(state: State | null): string {
  return state === null ? 'none' : `r${state.revision.seq} ${stateDigest(state)}`;
}
