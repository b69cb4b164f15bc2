// Turns an inventory file (YAML or JSON, docs/inventory.md) into a world. What the file says by itself is judged here;
// whether ids, references, addresses and labels fit is judged for the whole world that it becomes part of, the same
// way as for worlds written in policy files (model/world-checks.ts).

import { makeSuggest } from '../../base/bounded-suggest.ts';
import type { PartSpans } from '../../model/part-spans.ts';
import type { World } from '../../model/world.ts';
import { emptyWorld } from '../../model/world.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Source } from '../../text/source.ts';
import { type Document, readDocuments } from '../document.ts';
import { describeIssue } from './describe-issue.ts';
import { makeWorld } from './make-world.ts';
import { INVENTORY_FORMAT, inventorySchema } from './schema.ts';

export interface ImportedInventory {
  readonly world: World;
  /** Where the parts of its things stand. */
  readonly spans: PartSpans;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads an inventory; several documents in one file add up. With errors the world is what could be read. */
export function importInventory(source: Source): ImportedInventory {
  const { documents, diagnostics } = readDocuments(source);
  const found = importInventoryDocuments(documents);
  if (documents.length > 0 || diagnostics.length > 0)
    return { ...found, diagnostics: [...diagnostics, ...found.diagnostics] };
  const empty = error(
    'world/invalid-inventory',
    'the inventory is empty',
    { file: source.name, start: 0, end: 0 },
    {
      help: `it begins with \`format: ${INVENTORY_FORMAT}\``,
    },
  );
  return { ...found, diagnostics: [empty] };
}

/** As importInventory, for documents that were read already. */
export function importInventoryDocuments(documents: readonly Document[]): ImportedInventory {
  const suggest = makeSuggest();
  const diagnostics: Diagnostic[] = [];
  const accepted = documents.flatMap((document) => {
    const parsed = inventorySchema.safeParse(document.value);
    if (parsed.success) return { document, inventory: parsed.data };
    const { issues } = parsed.error;
    for (const issue of issues.slice(0, MOST_ISSUES)) diagnostics.push(...describeIssue(issue, document, suggest));
    if (issues.length > MOST_ISSUES) {
      const more = issues.length - MOST_ISSUES;
      diagnostics.push(error('world/invalid-inventory', `and ${more} more problems like these`, document.spanOf([])));
    }
    return [];
  });
  const { world, spans } = makeWorld(accepted, (diagnostic) => diagnostics.push(diagnostic));
  return { world: accepted.length === 0 ? emptyWorld : world, spans, diagnostics };
}

const MOST_ISSUES = 100;
const SECTIONS = new Set(Object.keys(inventorySchema.shape));

/** Whether a document is an inventory, if only by its keys: one without its `format` is told so when it is read. */
export function looksLikeInventory(document: Document): boolean {
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { format } = value as { readonly format?: unknown };
  if (format !== undefined) return typeof format === 'string' && format.startsWith('bulkhead.inventory');
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => SECTIONS.has(key));
}
