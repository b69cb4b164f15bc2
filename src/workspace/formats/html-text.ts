// Puts text of unknown origin into an HTML page, where it shows as it is and does nothing.

/** Control and bidirectional characters, which could show a name as another than it is, are shown as a replacement. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  const plain = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
  return plain.replace(/[&<>"']/g, (character) => entities[character] as string);
}
