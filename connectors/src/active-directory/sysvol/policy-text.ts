/** A text file as Windows writes it: UTF-16 or UTF-8 by its byte order mark, and by its looks where it has none. */
export const policyText = (bytes: Uint8Array): string => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  // Both kinds of file begin with a character of ASCII.
  if (second === 0 && first !== 0 && bytes.length % 2 === 0) return new TextDecoder('utf-16le').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
};
