/** What people see: a moving line where there is a terminal, plain lines where there is none. */
export interface Terminal {
  /** Replaces the moving line. */
  progress(text: string): void;
  /** Ends the moving line and prints under it. */
  say(text: string): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export const openTerminal = (out: NodeJS.WriteStream = process.stderr): Terminal & { close(): void } => {
  let text = '';
  let frame = 0;
  const draw = () => {
    if (text !== '') out.write(`\r\x1b[2K  ${frames[frame++ % frames.length]} ${text}`);
  };
  const timer = out.isTTY ? setInterval(draw, 100) : null;
  timer?.unref();
  const clear = () => {
    if (out.isTTY && text !== '') out.write('\r\x1b[2K');
    text = '';
  };
  return {
    progress(next) {
      if (next === text) return;
      text = next;
      if (out.isTTY) draw();
      else out.write(`  ${next}\n`);
    },
    say(line) {
      clear();
      out.write(`${line}\n`);
    },
    close() {
      clear();
      if (timer !== null) clearInterval(timer);
    },
  };
};

/** Rows under headings, columns as wide as their widest cell; cells are cut at 60 characters. */
export const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cut = (cell: string) => (cell.length > 60 ? `${cell.slice(0, 59)}…` : cell);
  const all = [headings, ...rows].map((row) => row.map((cell) => cut(cell.replaceAll(/[\r\n\t]+/g, ' '))));
  const widths = headings.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
