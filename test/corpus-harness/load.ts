// Turns the files of a case into layers and everything that is said about them, as loading from disk would.

import { bindRoot } from '../../src/bind/bind.ts';
import { buildSnapshot, type Snapshot } from '../../src/engine/pipeline.ts';
import { readDocuments } from '../../src/importers/document.ts';
import { importInventoryDocuments } from '../../src/importers/inventory/import-inventory.ts';
import type { Layer } from '../../src/model/layer.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { type Diagnostic, hasErrors, sortDiagnostics } from '../../src/text/diagnostic.ts';
import { makeSource, type Source } from '../../src/text/source.ts';
import type { InputFile } from './read-case.ts';

export interface Loaded {
  readonly sources: ReadonlyMap<string, Source>;
  readonly diagnostics: readonly Diagnostic[];
  /** The snapshot at an instant; null where there are errors, and nothing may be answered. */
  at(instant: number): Snapshot | null;
}

/** Binds each folder as one root, later ones beside the earlier, and evaluates at `instant` for what only that shows. */
export function load(files: readonly InputFile[], instant: number): Loaded {
  const sources = new Map(files.map((file) => [file.path, makeSource(file.path, file.text)]));
  const diagnostics: Diagnostic[] = [];
  const layers: Layer[] = [];
  for (const folder of new Set(files.map((file) => file.folder))) {
    const own = files.filter((file) => file.folder === folder);
    const isPolicy = ({ path }: InputFile): boolean => path.endsWith('.seg');
    const inventories = own
      .filter((file) => !isPolicy(file))
      .map((file) => {
        const read = readDocuments(sources.get(file.path) as Source);
        const made = importInventoryDocuments(read.documents);
        diagnostics.push(...read.diagnostics, ...made.diagnostics);
        return made;
      });
    const parsed = own.filter(isPolicy).map((file) => parsePolicyFile(sources.get(file.path) as Source));
    const bound = bindRoot(
      parsed.map((file) => file.tree),
      { name: folder, inventories, beside: [...layers] },
    );
    diagnostics.push(...parsed.flatMap((file) => file.diagnostics), ...bound.diagnostics);
    const isImport = own.some((file) => file.isImport);
    layers.push(isImport ? { ...bound.layer, kind: 'import' } : bound.layer);
  }
  const at = (when: number) => buildSnapshot(layers, { at: when });
  if (hasErrors(diagnostics)) return { sources, diagnostics: sortDiagnostics(diagnostics), at: () => null };
  const all = [...diagnostics, ...at(instant).diagnostics];
  return {
    sources,
    diagnostics: sortDiagnostics(all),
    at: (when) => (hasErrors(all) ? null : at(when).snapshot),
  };
}
