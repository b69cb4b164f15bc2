// The table of allowed flows as a document, `bulkhead.flows/1`, written row by row: a large one is never held whole.
import { remember } from '../../base/remember.ts';
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
  // Many rows share their lists of services, which are most of a row: each list is written out once.
  const known = new WeakMap<object, string>();
  const textOf = (list: object): string => remember(known, list, () => JSON.stringify(list));
  let separator = '\n';
  for (const { source, destination, services, all, unknown } of rows) {
    const ends = `"source":${JSON.stringify(source)},"destination":${JSON.stringify(destination)}`;
    yield `${separator}    {${ends},"services":${textOf(services)},"all":${all},"unknown":${textOf(unknown)}}`;
    separator = ',\n';
  }
  yield separator === '\n' ? ']\n}\n' : '\n  ]\n}\n';
}
