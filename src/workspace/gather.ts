// Turns paths into inputs sorted by what they hold: policy files, manifests, dumps and inventories. What a YAML or JSON
// file is, is found from its content. Turning inputs into layers is left to load.ts.
import { basename, dirname, extname, resolve } from 'node:path';
import { nearest } from '../base/suggest.ts';
import { type Document, readDocuments } from '../importers/document.ts';
import { type Diagnostic, error, hasErrors, note } from '../text/diagnostic.ts';
import type { Source } from '../text/source.ts';
import { type DocumentKind, detectDocument, looksLikePolicy } from './detect.ts';
import { type FoundFile, listFiles, readSource, stemOf } from './files.ts';
import { disk, type FileTree } from './trees/file-tree.ts';

/** What one path, or all files that were named one by one, hold together. */
export interface Input {
  /** A short name for the layers made of it. */
  readonly name: string;
  readonly policies: readonly Source[];
  readonly documents: Readonly<Record<DocumentKind, readonly Document[]>>;
}

export interface Gathered {
  readonly inputs: readonly Input[];
  /** Every text that was read, by name; a file that two paths lead to is there once. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads what the paths lead to. Each folder is an input of its own. Files that are named one by one belong together,
 * as they would in one folder, but each dump is a manager of its own.
 */
export function gatherInputs(paths: readonly string[], cwd: string, tree: FileTree = disk): Gathered {
  const reader = new Reader(cwd, tree);
  const inputs: Input[] = [];
  const single: FoundFile[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const kind = tree.kindOf(resolve(cwd, path));
    const isThere = kind !== 'missing' && kind !== 'unreadable';
    const real = isThere ? tree.realPath(resolve(cwd, path)) : resolve(cwd, path);
    if (seen.has(real)) continue;
    seen.add(real);
    const name = tree.nameOf(resolve(cwd, path), cwd);
    if (kind === 'folder') inputs.push(...reader.readFolder(resolve(cwd, path), name));
    else if (kind === 'file') single.push({ path: resolve(cwd, path), name });
    else reader.diagnostics.push(refusePath(resolve(cwd, path), name, kind, cwd, tree));
  }
  return {
    inputs: [...reader.readFiles(single), ...inputs],
    sources: reader.sources,
    diagnostics: reader.diagnostics,
  };
}

class Reader {
  readonly sources = new Map<string, Source>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly cwd: string;
  private readonly tree: FileTree;

  constructor(cwd: string, tree: FileTree) {
    this.cwd = cwd;
    this.tree = tree;
  }

  readFolder(path: string, name: string): readonly Input[] {
    const { files, diagnostics } = listFiles(path, this.cwd, undefined, this.tree);
    this.diagnostics.push(...diagnostics);
    const input = startInput(stemOf(path));
    for (const file of files) this.readFile(file, input, false);
    if (!isEmpty(input) || hasErrors(this.diagnostics)) return [input];
    this.diagnostics.push(
      error('workspace/nothing-to-read', `\`${name}\` holds nothing that can be read`, null, {
        help: 'policies end in `.seg`; manifests, dumps and inventories in `.yaml`, `.yml` or `.json`',
      }),
    );
    return [];
  }

  readFiles(files: readonly FoundFile[]): readonly Input[] {
    const together = startInput('');
    const apart: Input[] = [];
    for (const file of files) {
      if (this.sources.has(file.name)) continue;
      const own = startInput(stemOf(file.path));
      this.readFile(file, own, true);
      if (own.documents.nsx.length > 0)
        apart.push({ ...own, policies: [], documents: { ...NO_DOCUMENTS, nsx: own.documents.nsx } });
      if (together.name === '') together.name = own.name;
      together.policies.push(...own.policies);
      together.documents.kubernetes.push(...own.documents.kubernetes);
      together.documents.inventory.push(...own.documents.inventory);
    }
    return [...(isEmpty(together) ? [] : [together]), ...apart];
  }

  /** Sorts what a file holds into the input. `isNamed`: what is not recognised is an error, not a bystander. */
  private readFile(file: FoundFile, input: OpenInput, isNamed: boolean): void {
    const { source, diagnostic } = readSource(file, this.tree);
    if (source !== null) this.sources.set(source.name, source);
    if (diagnostic !== null) this.diagnostics.push(diagnostic);
    if (source === null || diagnostic !== null) return;
    if (extname(file.path) === '.seg' || (isNamed && looksLikePolicy(source, extname(file.path)))) {
      input.policies.push(source);
      return;
    }
    const { documents, diagnostics } = readDocuments(source);
    this.diagnostics.push(...diagnostics);
    for (const document of documents) {
      const kind = detectDocument(document);
      if (kind !== null) input.documents[kind].push(document);
      else this.diagnostics.push(unrecognised(document, file.name, isNamed));
    }
    if (isNamed && documents.length === 0 && !hasErrors(diagnostics)) {
      this.diagnostics.push(error('workspace/unrecognised', `\`${file.name}\` is empty`, null));
    }
  }
}

const NO_DOCUMENTS = { kubernetes: [], nsx: [], inventory: [] } as const;

interface OpenInput {
  name: string;
  readonly policies: Source[];
  readonly documents: Record<DocumentKind, Document[]>;
}

function startInput(name: string): OpenInput {
  return { name, policies: [], documents: { kubernetes: [], nsx: [], inventory: [] } };
}

function isEmpty({ policies, documents }: Input): boolean {
  return policies.length === 0 && Object.values(documents).every((list) => list.length === 0);
}

function unrecognised(document: Document, name: string, isNamed: boolean): Diagnostic {
  const message = `\`${name}\` is neither an inventory, nor Kubernetes manifests, nor an NSX configuration`;
  const place = document.keySpanOf([]);
  const span = { ...place, end: Math.min(place.end, place.start + 1) };
  return isNamed
    ? error('workspace/unrecognised', message, span)
    : note('workspace/unrecognised', `${message}: it is left out`, span);
}

function refusePath(
  path: string,
  name: string,
  kind: 'other' | 'missing' | 'unreadable',
  cwd: string,
  tree: FileTree,
): Diagnostic {
  if (kind === 'other') return error('workspace/not-a-file', `\`${name}\` is neither a file nor a folder`, null);
  if (kind === 'unreadable') return error('workspace/unreadable', `\`${name}\` cannot be read`, null);
  const near = nearest(basename(path), namesIn(dirname(path), tree));
  const help = near === null ? null : `did you mean \`${tree.nameOf(resolve(dirname(path), near), cwd)}\`?`;
  return error('workspace/no-such-path', `there is no \`${name}\``, null, { help });
}

function namesIn(folder: string, tree: FileTree): readonly string[] {
  try {
    return tree.kindOf(folder) === 'folder' ? tree.entries(folder).map((entry) => entry.name) : [];
  } catch {
    // A folder that may not be read has no names to suggest; that the path is missing is reported all the same.
    return [];
  }
}
