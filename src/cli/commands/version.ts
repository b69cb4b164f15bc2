// `bulkhead version`: what is installed, for people and for bug reports.
import { type Context, type ExitCode, emit, emitJson } from '../io/context.ts';
import { VERSION } from '../io/version.ts';

/** Prints the version; with --verbose, what it runs on as well. */
export async function run(context: Context): Promise<ExitCode> {
  const version = VERSION;
  if (context.format === 'json') return emitJson(context, { format: 'bulkhead.version/1', version });
  const { node } = process.versions;
  const detail = context.verbose ? `, Node.js ${node}, ${process.platform} ${process.arch}` : '';
  return emit(context, [`bulkhead ${version}${detail}\n`]);
}
