// The table of allowed flows as a document, `bulkhead.flows/1`, written row by row: a large one is never held whole.
import { remember } from '../../base/remember.ts';
import type { FlowClass } from '../../evaluate/class-rows.ts';
import type { FlowRow } from '../../evaluate/flow-rows.ts';

export const FLOWS_FORMAT = 'bulkhead.flows/1';

/** Who is in which class, of a table of classes. */
export interface FlowClasses {
  readonly sources: readonly FlowClass[];
  readonly destinations: readonly FlowClass[];
}

/** The parts of the document, one row a line, before them the classes that the rows are about, if any. */
export function* writeFlowsDocument(
  rows: Iterable<FlowRow>,
  at: string,
  classes: FlowClasses | null = null,
): Generator<string> {
  yield `{\n  "format": ${JSON.stringify(FLOWS_FORMAT)},\n  "at": ${JSON.stringify(at)},\n`;
  if (classes !== null) yield* writeClasses(classes);
  yield '  "flows": [';
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

function* writeClasses({ sources, destinations }: FlowClasses): Generator<string> {
  const list = (classes: readonly FlowClass[]): string =>
    classes.map((item) => `      ${JSON.stringify(item)}`).join(',\n');
  yield `  "classes": {\n    "sources": [\n${list(sources)}\n    ],\n`;
  yield `    "destinations": [\n${list(destinations)}\n    ]\n  },\n`;
}
