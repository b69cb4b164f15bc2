// Reads the project's own files for tidy.test.ts, and finds what a TypeScript file imports and which globals it uses.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface ProjectFile {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly text: string;
}

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', '.git', 'generated', '.test-results']);

/** Every file of the project under a folder ('' for all), sorted by path; what git ignores is left out. */
export function listFiles(folder: string): readonly string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (NOT_OURS.has(entry.name)) continue;
    if (entry.isDirectory()) found.push(...listFiles(path));
    else if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

export function readProjectFile(path: string): ProjectFile {
  return { path, text: readFileSync(join(ROOT, path), 'utf8') };
}

/** What a file imports or re-exports, as written, type-only and dynamic imports included. */
export function listImports(file: ProjectFile): readonly string[] {
  return ts.preProcessFile(file.text, true, true).importedFiles.map((i) => i.fileName);
}

/** The path in the project that a relative import leads to. */
export function resolveImport(file: ProjectFile, specifier: string): string {
  return posix.join(posix.dirname(file.path), specifier);
}

/** The name of the package in `yaml`, `zod/mini` or `@scope/name/file`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Every string literal of a file that is not a module name. */
export function listStrings(file: ProjectFile): ReadonlySet<string> {
  const strings = new Set<string>();
  visit(parse(file), (node) => {
    if (ts.isStringLiteralLike(node) && !ts.isImportDeclaration(node.parent)) strings.add(node.text);
  });
  return strings;
}

/** The uses of clock, chance, environment, sockets and locale in a file, as `name:line`. */
export function listImpurities(file: ProjectFile): readonly string[] {
  const source = parse(file);
  const found: string[] = [];
  visit(source, (node) => {
    const name = impurityOf(node);
    if (name !== null) found.push(`${name}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
  });
  return found;
}

const IMPURE_GLOBALS = new Set([
  ...['process', 'console', 'performance', 'crypto', 'fetch', 'globalThis', 'require'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
]);
const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random', 'Intl.Collator']);
const LOCALE_METHODS = /^(localeCompare|toLocale\w*)$/;

function impurityOf(node: ts.Node): string | null {
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  if (ts.isPropertyAccessExpression(node)) {
    const text = `${node.expression.getText()}.${node.name.text}`;
    return IMPURE_MEMBERS.has(text) || LOCALE_METHODS.test(node.name.text) ? text : null;
  }
  return ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text) && isReference(node) ? node.text : null;
}

/** Whether an identifier stands for a value, rather than naming a member or a property. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent)) return false;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return true;
}

function parse(file: ProjectFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}
