/** Parts of a recording that are shown as they come. */
export interface Tape {
  take(part: Uint8Array<ArrayBuffer>, begins: boolean): void;
  close(): void;
}

/** What is shown may be behind what came by so many seconds. */
const behindSeconds = 1.5;
/** What was shown and is kept. */
const keptSeconds = 20;

/** Until a recording begins, parts are left out: nothing can be made of them. */
export const createTape = (video: HTMLVideoElement, mediaType: string): Tape => {
  let source: MediaSource | null = null;
  let buffer: SourceBuffer | null = null;
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let url: string | null = null;

  const close = () => {
    source = null;
    buffer = null;
    waiting = [];
    if (url !== null) URL.revokeObjectURL(url);
    url = null;
    video.removeAttribute('src');
  };
  const pump = () => {
    if (buffer === null || buffer.updating) return;
    const { buffered } = buffer;
    if (buffered.length > 0) {
      const end = buffered.end(buffered.length - 1);
      if (end - video.currentTime > behindSeconds) video.currentTime = end - 0.1;
      if (video.currentTime - buffered.start(0) > 2 * keptSeconds)
        return buffer.remove(buffered.start(0), video.currentTime - keptSeconds);
    }
    const part = waiting.shift();
    if (part === undefined) return;
    try {
      buffer.appendBuffer(part);
    } catch {
      // It cannot be shown any further: the next recording that begins can.
      close();
    }
  };
  const begin = () => {
    close();
    const own = new MediaSource();
    source = own;
    url = URL.createObjectURL(own);
    video.src = url;
    own.addEventListener('sourceopen', () => {
      if (own !== source) return;
      buffer = own.addSourceBuffer(MediaSource.isTypeSupported(mediaType) ? mediaType : 'video/webm; codecs="vp8"');
      buffer.mode = 'sequence';
      buffer.addEventListener('updateend', pump);
      pump();
    });
    void video.play().catch(() => undefined);
  };
  return {
    take(part, begins) {
      if (begins) begin();
      if (source === null) return;
      waiting.push(part);
      pump();
    },
    close,
  };
};
