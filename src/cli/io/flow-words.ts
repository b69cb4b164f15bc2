// The flow that a command is asked about: one argument in quotes, three arguments, or `-` for standard input.
import type { Diagnostic } from '../../text/diagnostic.ts';
import { usage } from './refusal.ts';

/** The flow as one line. Three arguments are joined by what stands between them in a line, so that blanks in names stay. */
export function joinFlowWords(command: string, words: readonly string[]): string | Diagnostic {
  const [source = '', destination = '', service = ''] = words;
  if (words.length === 1) return source;
  if (words.length === 3) return `${source} -> ${destination} on ${service}`;
  const forms = `write \`bulkhead ${command} web-01 db-01 tcp/5432\`\nor \`bulkhead ${command} 'web-01 -> db-01 on tcp/5432'\`, in quotes`;
  if (words.length === 0) {
    return usage('usage/missing-argument', 'a flow needs a source, a destination and a service', forms);
  }
  return usage('usage/flow', `a flow is one argument in quotes, or three: these are ${words.length}`, forms);
}
