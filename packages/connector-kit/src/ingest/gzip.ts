export const gzip = async (text: string): Promise<Uint8Array> => {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
};

/** Rejects for what is not gzip of UTF-8, and as soon as more than `most` bytes come out: a small bomb stays small. */
export const gunzip = async (bytes: Uint8Array, most: number): Promise<string> => {
  const unpacked = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > most) throw new Error(`It unpacks to more than ${most} bytes.`);
    chunks.push(chunk);
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
};
