type CastEvent =
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'size'; readonly columns: number; readonly rows: number };

/** The events of an asciicast v2 as they arrive; what is no output and no size is left out. */
export async function* readCastLines(body: ReadableStream<Uint8Array>): AsyncGenerator<CastEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = parseLine(line);
      if (event !== null) yield event;
    }
  }
}

const parseLine = (line: string): CastEvent | null => {
  if (line.trim() === '') return null;
  const found: unknown = JSON.parse(line);
  if (Array.isArray(found)) {
    const [, code, text] = found;
    if (code === 'o') return { kind: 'output', text: String(text) };
    const size = code === 'r' ? /^(\d+)x(\d+)$/.exec(String(text)) : null;
    return size === null ? null : { kind: 'size', columns: Number(size[1]), rows: Number(size[2]) };
  }
  if (typeof found === 'object' && found !== null && 'width' in found && 'height' in found)
    return { kind: 'size', columns: Number(found.width), rows: Number(found.height) };
  return null;
};
