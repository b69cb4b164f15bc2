// Writes inventory data as the YAML file that people keep: short mappings and lists on one line, long ones spread.

import { Document, isMap, isSeq, visit } from 'yaml';

/** The text of an inventory file. */
export function writeInventory(data: unknown): string {
  const document = new Document(data);
  visit(document, {
    Map: (_, node, path) => {
      // Labels, owners and ports: mappings of plain values below an entry.
      if (path.length > 4 && node.items.every(({ value }) => !isMap(value) && !isSeq(value))) node.flow = true;
    },
    Seq: (_, node) => {
      if (node.items.every((item) => !isMap(item) && !isSeq(item))) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: true });
}
