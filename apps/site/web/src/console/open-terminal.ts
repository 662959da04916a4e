import '@xterm/xterm/css/xterm.css';
import './terminal-colours.css';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { type ITheme, Terminal } from '@xterm/xterm';

export interface OpenTerminal {
  readonly terminal: Terminal;
  readonly fit: FitAddon;
  readonly search: SearchAddon;
  readonly feed: Feed;
}

export const openTerminal = (element: HTMLElement, { readOnly = false } = {}): OpenTerminal => {
  letStylesIn();
  const terminal = new Terminal({
    allowProposedApi: true,
    cursorBlink: !readOnly && !matchMedia('(prefers-reduced-motion: reduce)').matches,
    disableStdin: readOnly,
    fontFamily: getComputedStyle(element).fontFamily,
    fontSize: 14,
    // Whatever a program chooses stays readable in either scheme.
    minimumContrastRatio: 4.5,
    scrollback: 5_000,
    theme: coloursOf(element),
  });
  const [fit, search] = [new FitAddon(), new SearchAddon()];
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.open(element);
  return { terminal, fit, search, feed: createFeed(terminal) };
};

const names = [
  ...['background', 'foreground', 'cursor', 'cursorAccent', 'selectionBackground'],
  ...['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'],
  ...['brightBlack', 'brightRed', 'brightGreen', 'brightYellow', 'brightBlue', 'brightMagenta', 'brightCyan'],
  'brightWhite',
];

/** The colours that the style sheet has for terminals now: `--term-background` and so on. */
export const coloursOf = (element: HTMLElement): ITheme => {
  const style = getComputedStyle(element);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--term-${name}`).trim()]));
};

/** What is to be drawn, in the order it came, a little at a time: a terminal throws away what it is given too fast. */
export interface Feed {
  write(bytes: Uint8Array): void;
  clear(): void;
}

const mostInTerminal = 512 * 1_024;

const createFeed = (terminal: Terminal): Feed => {
  let queue: Uint8Array[] = [];
  let inTerminal = 0;
  const pump = () => {
    while (inTerminal < mostInTerminal) {
      const next = queue.shift();
      if (next === undefined) return;
      inTerminal += next.length;
      terminal.write(next, () => {
        inTerminal -= next.length;
        pump();
      });
    }
  };
  return {
    write(bytes) {
      queue.push(bytes);
      pump();
    },
    clear() {
      queue = [];
    },
  };
};

let areStylesIn = false;
/**
 * The terminal writes style elements without the nonce of this page, and style attributes as text: the content security
 * policy lets neither in. Both are done here as the policy has it, by the nonce and by the style object. Only scripts
 * of ours get here, so what the policy keeps out stays out: styles in markup.
 */
const letStylesIn = () => {
  if (areStylesIn) return;
  areStylesIn = true;
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
  const create: (name: string, options?: ElementCreationOptions) => HTMLElement = document.createElement.bind(document);
  Object.assign(document, {
    createElement(name: string, options?: ElementCreationOptions) {
      const element = create(name, options);
      if (element instanceof HTMLStyleElement && element.nonce === '') element.nonce = nonce;
      return element;
    },
  });
  const { setAttribute } = Element.prototype;
  Object.assign(Element.prototype, {
    setAttribute(this: Element, name: string, value: string) {
      if (name === 'style' && this instanceof HTMLElement) this.style.cssText = value;
      else setAttribute.call(this, name, value);
    },
  });
};
