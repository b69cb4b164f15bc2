// lint/unused-definition: a group, address set, service or label of a policy root that nothing names. Names are compared
// by their last part: one that is used in any module counts as used.
import type { Statement, Tree } from '../../../../syntax/tree.ts';
import type { LintCheck } from '../../kit/check.ts';
import { removeSpan } from '../../kit/edits.ts';
import { makeFinding } from '../../kit/make.ts';

export const unusedDefinition: LintCheck = {
  code: 'lint/unused-definition',
  *run(context) {
    const used = findUses(context.trees);
    for (const { statements } of context.trees) {
      for (const { body, span } of statements) {
        const defined = definitionOf(body);
        if (defined === null || used[defined.space].has(defined.name)) continue;
        yield makeFinding(
          'lint/unused-definition',
          `the ${defined.what} \`${defined.name}\` is not used`,
          defined.span,
          {
            about: defined.name,
            help: 'remove it, or use it',
            fix: removeSpan(context, span, `remove the ${defined.what} \`${defined.name}\``),
          },
        );
      }
    }
  },
};

function definitionOf(body: Statement['body']) {
  switch (body.kind) {
    case 'group':
      return { what: 'group', space: 'paths', name: body.name.text, span: body.name.span } as const;
    case 'addresses':
      return { what: 'address set', space: 'paths', name: body.name.text, span: body.name.span } as const;
    case 'service':
      return { what: 'service', space: 'paths', name: body.name.text, span: body.name.span } as const;
    case 'label':
      return { what: 'label', space: 'keys', name: body.key.text, span: body.key.span } as const;
    default:
      return null;
  }
}

interface Uses {
  /** Last parts of paths, but for those that only import. */
  readonly paths: ReadonlySet<string>;
  /** Keys of labels, in conditions and of workloads. */
  readonly keys: ReadonlySet<string>;
}

function findUses(trees: readonly Tree[]): Uses {
  const paths = new Set<string>();
  const keys = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const node = value as Readonly<Record<string, unknown>>;
    if (node.kind === 'path') paths.add(textOf((node.parts as readonly unknown[]).at(-1)));
    if ('key' in node && node.kind !== 'label') keys.add(textOf(node.key));
    for (const [name, item] of Object.entries(node)) if (name !== 'span' && name !== 'comments') visit(item);
  };
  for (const { statements } of trees) {
    for (const { body } of statements) if (body.kind !== 'import' && body.kind !== 'module') visit(body);
  }
  return { paths, keys };
}

function textOf(name: unknown): string {
  return (name as { readonly text?: string } | null)?.text ?? '';
}
