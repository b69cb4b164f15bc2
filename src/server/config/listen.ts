// Where the server listens. Loopback unless it is said otherwise, and anything else only with credentials to check.
import * as z from 'zod';

export const listenSection = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('an address or a host name, such as `127.0.0.1`'),
  port: z.int().min(0).max(65535).default(8440).describe('a port; 0 takes any that is free'),
  plaintext: z
    .boolean()
    .default(false)
    .describe('`true`: without `tls` also where other machines reach it, behind a proxy that ends TLS'),
});

export const tlsSection = z.strictObject({
  cert: z.string().min(1).describe('the path of a certificate chain in PEM'),
  key: z.string().min(1).describe('the path of its private key in PEM'),
  clientCa: z.string().min(1).optional().describe('the path of the authorities of client certificates in PEM'),
});
