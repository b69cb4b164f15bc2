// The pages of docs/codes by code. scripts/build.mjs makes this module while it bundles.

declare module 'bulkhead:code-pages' {
  const pages: Readonly<Record<string, string>>;
  export default pages;
}
