import type { RdpTape } from './rdp-tape.ts';

type Module = typeof import('@devolutions/iron-remote-desktop-rdp');
type Builder = InstanceType<Module['Backend']['SessionBuilder']>;
type Connected = Awaited<ReturnType<Builder['connect']>>;
type DeviceEvent = ReturnType<Module['Backend']['DeviceEvent']['keyPressed']>;

/** A remote desktop on a canvas. */
export interface RdpSession {
  /** Resolves with what the endpoint said last; rejects with why it broke off. */
  readonly ended: Promise<string>;
  key(scancode: number, isDown: boolean): void;
  /** 0 to 4, as browsers number them. */
  button(button: number, isDown: boolean): void;
  moveTo(x: number, y: number): void;
  wheel(event: Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode'>): void;
  /** Lets go of everything that is held down. */
  release(): void;
  locks(locks: { scroll: boolean; num: boolean; caps: boolean }): void;
  /** Asks for another size; an endpoint that cannot do it leaves it. */
  resize(width: number, height: number): void;
  /** Makes it the text of the endpoint's clipboard. */
  copy(text: string): Promise<void>;
  close(): void;
}

export interface RdpSessionOptions {
  readonly url: string;
  /** Where it is a recording that answers: of this address. */
  readonly tape?: RdpTape;
  readonly canvas: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
  onCursor(style: string): void;
  /** The endpoint copied a text. */
  onCopy(text: string): void;
}

let loading: Promise<Module> | null = null;
/** Six megabytes, for those who open a desktop. One that could not be had is asked for again. */
const load = (): Promise<Module> => {
  loading ??= import('@devolutions/iron-remote-desktop-rdp')
    .then(async (module) => {
      await module.init('ERROR');
      return module;
    })
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
};

/**
 * Connects. Name and password are nobody's: the site puts the account in, and the browser never holds it. What is asked for
 * is always the same, so that a recording, which is one side of the talk, can be answered by this client again.
 */
export const openRdpSession = async (options: RdpSessionOptions): Promise<RdpSession> => {
  const { Backend, enableCredssp, displayControl } = await load();
  const { url, canvas, width, height, tape } = options;
  const builder = new Backend.SessionBuilder()
    .username('person')
    .password('none')
    .destination('endpoint')
    .proxyAddress(url)
    .authToken('none')
    .desktopSize(new Backend.DesktopSize(width, height))
    .renderCanvas(canvas)
    .setCursorStyleCallbackContext(null)
    .setCursorStyleCallback((kind: string, data?: string, x?: number, y?: number) =>
      options.onCursor(cursorOf(kind, data, x, y)),
    )
    .remoteClipboardChangedCallback((data: InstanceType<typeof Backend.ClipboardData>) => {
      for (const item of data.items()) {
        const value: unknown = item.value();
        if (item.mimeType().startsWith('text/plain') && typeof value === 'string') options.onCopy(value);
      }
    })
    .extension(enableCredssp(false))
    .extension(displayControl(true));
  const free = tape?.lay();
  try {
    return toSession(Backend, await builder.connect());
  } finally {
    free?.();
  }
};

const cursorOf = (kind: string, data?: string, x = 0, y = 0): string => {
  if (kind === 'hidden' || kind === 'none') return 'none';
  return kind === 'url' && data !== undefined ? `url(${data}) ${x} ${y}, default` : 'default';
};

const toSession = (Backend: Module['Backend'], session: Connected): RdpSession => {
  let isOver = false;
  const ended = session.run().then((end) => end.reason());
  void ended
    .catch(() => undefined)
    .finally(() => {
      isOver = true;
    });
  /** What comes after the end is nobody's any more. */
  const safely = (work: () => void) => {
    if (isOver) return;
    try {
      work();
    } catch {
      // The session is ending; `ended` says why.
    }
  };
  const apply = (event: DeviceEvent) =>
    safely(() => {
      const inputs = new Backend.InputTransaction();
      inputs.addEvent(event);
      session.applyInputs(inputs);
    });
  const { DeviceEvent } = Backend;
  return {
    ended,
    key: (scancode, isDown) => apply(isDown ? DeviceEvent.keyPressed(scancode) : DeviceEvent.keyReleased(scancode)),
    button: (button, isDown) =>
      apply(isDown ? DeviceEvent.mouseButtonPressed(button) : DeviceEvent.mouseButtonReleased(button)),
    moveTo: (x, y) => apply(DeviceEvent.mouseMove(x, y)),
    wheel: ({ deltaX, deltaY, deltaMode }) =>
      apply(DeviceEvent.wheelRotations(deltaY !== 0, -(deltaY === 0 ? deltaX : deltaY), deltaMode)),
    release: () => safely(() => session.releaseAllInputs()),
    locks: ({ scroll, num, caps }) => safely(() => session.synchronizeLockKeys(scroll, num, caps, false)),
    resize: (width, height) => safely(() => session.resize(width, height)),
    copy: async (text) => {
      if (isOver) return;
      const data = new Backend.ClipboardData();
      data.addText('text/plain', text);
      await session.onClipboardPaste(data);
    },
    close: () => safely(() => session.shutdown()),
  };
};

/** By the kinds of the client's errors, and by what the site answered instead of a connection. */
export const wordsOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null || !('kind' in error) || typeof error.kind !== 'function')
    return 'The connection was lost.';
  const details: unknown =
    'rdcleanpathDetails' in error && typeof error.rdcleanpathDetails === 'function' ? error.rdcleanpathDetails() : null;
  const status: unknown =
    typeof details === 'object' && details !== null && 'httpStatusCode' in details ? details.httpStatusCode : null;
  return (typeof status === 'number' && answers[status]) || 'The connection was lost.';
};

const answers: Readonly<Record<number, string>> = {
  401: 'The endpoint refused the account or its password.',
  403: 'The endpoint does not let the account in.',
  500: 'The endpoint answered in a way that is not understood.',
  501: 'The endpoint offers nothing that is safe enough.',
  502: 'The endpoint is not set up for this: another certificate than the trusted one, or no remote desktop.',
  503: 'The endpoint has too much to do.',
  504: 'The endpoint cannot be reached.',
};
