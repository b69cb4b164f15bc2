// Says what a file holds from its content: names of files lie, and dumps come with any name.
import type { Document } from '../importers/document.ts';
import { looksLikeInventory } from '../importers/inventory/import-inventory.ts';
import { looksLikeKubernetes } from '../importers/kubernetes/read/objects.ts';
import { looksLikeNsx } from '../importers/nsx/read/shapes.ts';
import type { Source } from '../text/source.ts';

export type DocumentKind = 'kubernetes' | 'nsx' | 'inventory';

/** The importer for a document; null: none knows it. */
export function detectDocument(document: Document): DocumentKind | null {
  if (looksLikeInventory(document)) return 'inventory';
  if (looksLikeKubernetes(document)) return 'kubernetes';
  return looksLikeNsx(document.value) ? 'nsx' : null;
}

/** The words that a statement of a policy file can begin with, and YAML hardly ever does without a colon. */
const STATEMENT =
  /^(language|module|import|label|service|addresses|group|tiers|internal|policy|test|invariant|budget|exclude|governs|site|segment|host|vm|container|pod-vm|instance|bare-metal|tier0|tier1|tunnel|namespace)\b(?!\s*:)/;

/** Whether a file without a telling suffix is a policy: whether its first word is one of the language. */
export function looksLikePolicy(source: Source, suffix: string): boolean {
  if (['.yaml', '.yml', '.json'].includes(suffix)) return false;
  return STATEMENT.test(source.text.slice(0, 100_000).replace(/^(\s|\/\/[^\n]*\n)*/, ''));
}
