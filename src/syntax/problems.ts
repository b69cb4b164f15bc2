// Turns what reads well to the grammar but not to a person into messages that write out the ways to read it.
import { unreachable } from '../base/invariant.ts';
import { shorten } from '../text/printable.ts';
import type { Operand, Problem } from './grammar.ts';
import type { Reports } from './lexical/reports.ts';
import type { Tokens } from './lexical/scan.ts';

/** Reports one problem of the tokens. */
export function reportProblem(tokens: Tokens, problem: Problem, reports: Reports): void {
  const { start, end } = problem.span;
  switch (problem.kind) {
    case 'mixed': {
      const { operands, operators } = problem;
      const names = [...new Set(operators)].map((operator) => `\`${operator}\``);
      const message =
        names.length === 1
          ? `${names[0]} stands twice without parentheses`
          : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are mixed without parentheses`;
      const [first, second] = listReadings(
        operands.map((operand) => writeOut(tokens, operand)),
        operators,
      );
      reports.add('syntax/mixed-operators', message, start, end, `write \`${first}\`\nor \`${second}\``);
      return;
    }
    case 'open': {
      const operands = problem.operands.map((operand) => {
        const text = writeOut(tokens, operand);
        return operand.isOpen ? `(${text})` : text;
      });
      const message = 'a condition that is joined with another peer is put in parentheses';
      reports.add('syntax/open-condition', message, start, end, `write \`${join(operands, problem.operators)}\``);
      return;
    }
    case 'reserved': {
      const help = `write \`"${problem.name}"\`, here and wherever it is meant as a name`;
      reports.add('syntax/reserved-word', `\`${problem.name}\` is a word of the language`, start, end, help);
      return;
    }
    case 'late-option': {
      const message = `this option of policy \`${problem.policy}\` stands after its first rule`;
      const help = 'move it before the rules, or without the `;` to the end of the rule that it is about';
      reports.add('syntax/late-option', message, start, end, help);
      return;
    }
    default:
      unreachable(problem);
  }
}

// Longer operands are cut: what matters is where the parentheses stand.
const LONGEST_OPERAND = 60;

/** The operand as it is written, on one line. */
function writeOut(tokens: Tokens, { range }: Operand): string {
  const { starts, ends, source } = tokens;
  const parts: string[] = [];
  for (let i = range.from; i < range.to; i++) {
    const start = starts[i] ?? 0;
    if (i > range.from && start > (ends[i - 1] ?? 0)) parts.push(' ');
    parts.push(source.text.slice(start, ends[i]));
  }
  return shorten(parts.join(''), LONGEST_OPERAND);
}

/** The two ways to read a chain: one operator binding before the others, or the other before the rest. */
function listReadings(operands: readonly string[], operators: readonly string[]): readonly [string, string] {
  const kindOf = (operator: string): string => (operator === ',' ? 'or' : operator);
  const kinds = [...new Set(operators.map(kindOf))];
  const [one, two] = kinds;
  if (kinds.length !== 2 || one === undefined || two === undefined)
    return [foldLeft(operands, operators), foldRight(operands, operators)];
  return [groupBy(one, kindOf, operands, operators), groupBy(two, kindOf, operands, operators)];
}

/** Runs of operands joined by the one kind of operator put in parentheses. */
function groupBy(
  kind: string,
  kindOf: (operator: string) => string,
  operands: readonly string[],
  operators: readonly string[],
): string {
  const outer: string[] = [];
  const between: string[] = [];
  let run = [operands[0] ?? ''];
  let inside: string[] = [];
  const endRun = (): void => {
    outer.push(run.length > 1 ? `(${join(run, inside)})` : run.join(''));
  };
  operators.forEach((operator, i) => {
    const operand = operands[i + 1] ?? '';
    if (kindOf(operator) === kind) {
      run.push(operand);
      inside.push(operator);
      return;
    }
    endRun();
    between.push(operator);
    run = [operand];
    inside = [];
  });
  endRun();
  return join(outer, between);
}

function foldLeft(operands: readonly string[], operators: readonly string[]): string {
  return operands.reduce((left, operand, i) =>
    i === operators.length
      ? join([left, operand], operators.slice(-1))
      : `(${join([left, operand], operators.slice(i - 1))})`,
  );
}

function foldRight(operands: readonly string[], operators: readonly string[]): string {
  return operands.reduceRight((right, operand, i) =>
    i === 0 ? join([operand, right], operators) : `(${join([operand, right], operators.slice(i))})`,
  );
}

function join(operands: readonly string[], operators: readonly string[]): string {
  return operands
    .map((operand, i) => {
      const operator = operators[i];
      if (i === operands.length - 1 || operator === undefined) return operand;
      return operator === ',' ? `${operand}, ` : `${operand} ${operator} `;
    })
    .join('');
}
