// A policy root with change statements in it, bound and changed: what a test of changes starts from.
import { expect } from 'vitest';
import { bindRoot } from '../../../src/bind/bind.ts';
import { type AppliedChanges, applyChanges } from '../../../src/engine/changes/apply-changes.ts';
import type { Layer } from '../../../src/model/layer.ts';
import { parsePolicyFile } from '../../../src/syntax/parse.ts';
import { hasErrors } from '../../../src/text/diagnostic.ts';
import { makeSource } from '../../../src/text/source.ts';

/** The layer of the text, without the changes made; nothing may be wrong with it. */
export function bindText(text: string): Layer {
  const parsed = parsePolicyFile(makeSource('p.seg', `language 1\n${text}`));
  const { layer, diagnostics } = bindRoot([parsed.tree], { name: 'policies' });
  const found = [...parsed.diagnostics, ...diagnostics];
  expect(hasErrors(found) ? found.map((d) => d.message) : []).toEqual([]);
  return layer;
}

/** The text's own changes made on it. */
export function changeRoot(text: string): AppliedChanges & { readonly before: Layer; readonly after: Layer } {
  const before = bindText(text);
  const applied = applyChanges([before], 0, before.changes);
  return { ...applied, before, after: applied.layers[0] as Layer };
}
