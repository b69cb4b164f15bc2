// The table of allowed flows as a document, `bulkhead.flows/1`, written row by row: a large one is never held whole.
import type { FlowRow } from '../../evaluate/flow-rows.ts';

export const FLOWS_FORMAT = 'bulkhead.flows/1';

export interface FlowsDocument {
  readonly format: typeof FLOWS_FORMAT;
  readonly at: string;
  readonly flows: readonly FlowRow[];
}

/** The parts of the document, one row a line. */
export function* writeFlowsDocument(rows: Iterable<FlowRow>, at: string): Generator<string> {
  yield `{\n  "format": ${JSON.stringify(FLOWS_FORMAT)},\n  "at": ${JSON.stringify(at)},\n  "flows": [`;
  let separator = '\n';
  for (const row of rows) {
    yield `${separator}    ${JSON.stringify(row)}`;
    separator = ',\n';
  }
  yield separator === '\n' ? ']\n}\n' : '\n  ]\n}\n';
}
