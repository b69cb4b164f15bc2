// A place in an inventory while something is made of what is there, and the memory of where its parts stand.

import type { PartSpanTable } from '../../model/part-spans.ts';
import type { Refusal } from '../../net/address.ts';
import { type Diagnostic, error } from '../../text/diagnostic.ts';
import type { Span } from '../../text/source.ts';
import type { Document, Path } from '../document.ts';

/** A place in a document while something is made of what is there. */
export class Cursor {
  private readonly document: Document;
  private readonly path: Path;
  private readonly spans: PartSpanTable;
  private readonly report: (diagnostic: Diagnostic) => void;

  constructor(document: Document, path: Path, spans: PartSpanTable, report: (diagnostic: Diagnostic) => void) {
    this.document = document;
    this.path = path;
    this.spans = spans;
    this.report = report;
  }

  at(...more: Path): Cursor {
    return new Cursor(this.document, [...this.path, ...more], this.spans, this.report);
  }

  get span(): Span {
    return this.document.spanOf(this.path);
  }

  get keySpan(): Span {
    return this.document.keySpanOf(this.path);
  }

  /** Remembers how to find the parts of a thing that was made of what is here. */
  keep<T extends object>(thing: T, find: (part: string, here: Cursor) => Cursor | Span | null): T {
    this.spans.keep(thing, (part) => {
      const found = find(part, this);
      return found instanceof Cursor ? found.span : found;
    });
    return thing;
  }

  /** What is made of each item of a list; an item that is refused (null, and reported) is left out. */
  each<Item, T extends object>(
    items: readonly Item[],
    key: string,
    make: (item: Item, at: Cursor) => T | null,
  ): readonly T[] {
    return items.flatMap((item, i) => make(item, this.at(key, i)) ?? []);
  }

  /** What one text parses to; null after a report. */
  parse<T extends object>(text: string, key: string, parse: (text: string) => T | Refusal): T | null {
    const parsed = parse(text);
    if (!('problem' in parsed)) return parsed;
    const { problem, help } = parsed as Refusal;
    this.report(error('check/invalid-address', problem, this.at(key).span, { help: help ?? null }));
    return null;
  }

  /** Reports what is wrong with the value of a key. */
  refuse({ problem, help }: Refusal, key: string | number): null {
    this.report(error('world/invalid-inventory', problem, this.at(key).span, { help: help ?? null }));
    return null;
  }

  /** What each text of a list parses to; those that are refused are reported and left out. */
  parseAll<T extends object>(
    texts: readonly string[] | undefined,
    key: string,
    parse: (text: string) => T | Refusal,
  ): readonly T[] {
    return (texts ?? []).flatMap((text, i) => {
      const parsed = parse(text);
      if (!('problem' in parsed)) return parsed;
      const { problem, help } = parsed as Refusal;
      this.report(error('check/invalid-address', problem, this.at(key, i).span, { help: help ?? null }));
      return [];
    });
  }
}
