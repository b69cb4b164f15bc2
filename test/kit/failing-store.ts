// A store that can be lost and found again while a test runs, as one whose disk went away.

import { type Store, StoreFailure, type StoreFailureReason } from '../../src/store/store.ts';

export interface FailingStore extends Store {
  /** From now on every method rejects with such a failure, or those of these names alone. */
  readonly fail: (reason: StoreFailureReason, methods?: readonly (keyof Store)[]) => void;
  readonly recover: () => void;
  /** The methods that were called, failed or not, since it was made or asked last. */
  readonly calls: () => readonly (keyof Store)[];
}

export function makeFailingStore(store: Store): FailingStore {
  let failure: { reason: StoreFailureReason; methods: readonly (keyof Store)[] | null } | null = null;
  let called: (keyof Store)[] = [];
  const wrapped = Object.entries(store).map(([name, method]) => {
    const key = name as keyof Store;
    const act = async (...given: unknown[]): Promise<unknown> => {
      called.push(key);
      const fails = failure !== null && key !== 'close' && (failure.methods?.includes(key) ?? true);
      if (failure !== null && fails) throw new StoreFailure(failure.reason, 'the store is away', 'bring it back');
      return (method as (...values: unknown[]) => Promise<unknown>)(...given);
    };
    return [name, act];
  });
  return {
    ...(Object.fromEntries(wrapped) as Store),
    fail(reason, methods) {
      failure = { reason, methods: methods ?? null };
    },
    recover() {
      failure = null;
    },
    calls() {
      const list = called;
      called = [];
      return list;
    },
  };
}
