// Reads certificate, key and authorities from the files of the configuration, for the server and when they have changed.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type SecureContextOptions, type TlsOptions, Server as TlsServer } from 'node:tls';
import type { ServerConfig } from '../config/config.ts';

/** What TLS needs; null: the server speaks in the clear. Rejects where a file cannot be read. */
export async function readTls({ tls, folder }: ServerConfig): Promise<TlsOptions | null> {
  if (tls === undefined) return null;
  const read = (path: string): Promise<string> => readFile(resolve(folder, path), 'utf8');
  const files: SecureContextOptions = {
    cert: await read(tls.cert),
    key: await read(tls.key),
    ...(tls.clientCa === undefined ? {} : { ca: await read(tls.clientCa) }),
    minVersion: 'TLSv1.2',
  };
  // A connection without a certificate, or with one that is not trusted, is told so by HTTP: people use tokens there.
  return { ...files, honorCipherOrder: true, requestCert: tls.clientCa !== undefined, rejectUnauthorized: false };
}

/** Takes over changed files for connections from now on. Rejects where they cannot be used: the old ones stay. */
export async function reloadTls(server: unknown, config: ServerConfig): Promise<void> {
  const options = await readTls(config);
  if (options !== null && server instanceof TlsServer) server.setSecureContext(options);
}
