// The secrets of all feeds as the store has them, and as it last had them while it answers no more: a firewall that was
// let in before the store was lost still is.
import { type FeedSecret, type Store, StoreFailure } from '../../store/store.ts';

export interface KnownSecrets {
  readonly secrets: readonly FeedSecret[];
  /** The store did not answer, and this is what it last said; why. */
  readonly failure: StoreFailure | null;
}

export interface SecretBook {
  /** Reads the secrets of these feeds, so that they are known before they are needed. */
  readonly learn: (feeds: readonly string[]) => Promise<void>;
  readonly of: (feed: string) => Promise<KnownSecrets>;
}

export function createSecretBook(store: Pick<Store, 'listSecrets'>): SecretBook {
  const known = new Map<string, readonly FeedSecret[]>();

  async function read(feed: string): Promise<KnownSecrets> {
    try {
      const secrets = await store.listSecrets(feed);
      // A feed without secrets is not kept: its name may be anything that was asked for.
      if (secrets.length > 0) known.set(feed, secrets);
      else known.delete(feed);
      return { secrets, failure: null };
    } catch (reason) {
      if (!(reason instanceof StoreFailure)) throw reason;
      return { secrets: known.get(feed) ?? [], failure: reason };
    }
  }

  return {
    async learn(feeds) {
      for (const feed of feeds) await read(feed);
    },
    of: read,
  };
}
