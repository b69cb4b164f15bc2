import { describe, expect, it } from 'vitest';
import { InternalError, invariant, unreachable } from '../../src/base/invariant.ts';

describe('invariant', () => {
  it('says nothing when the condition holds and throws our own error when not', () => {
    expect(() => invariant(1 < 2, 'never')).not.toThrow();
    expect(() => invariant(null, 'no row for tier `app`')).toThrow(InternalError);
    expect(() => invariant('', 'no row for tier `app`')).toThrow('no row for tier `app`');
  });
});

describe('unreachable', () => {
  it('throws with the value that should not exist', () => {
    expect(() => unreachable({ kind: 'new' } as never)).toThrow('unreachable value {"kind":"new"}');
    expect(() => unreachable(undefined as never)).toThrow(InternalError);
  });
});
